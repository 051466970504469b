// The text of a .query file (tests/queries/README.md says what it means).

// Lines that the file would take for something else are marked.
const marked = (line) => (line === "" || /^[#=]/.test(line) ? `=${line}` : line);

export function queryFile(topic, cases) {
  const lines = [
    `# ${topic}: what ClickHouse answers. Written by tests/conformance/generate.mjs: change topics/${topic}.mjs`,
    "# there, and make it again.",
    "dataset conformance",
    "",
  ];
  for (const one of cases) {
    lines.push(`sql ${one.sql}`);
    for (const [name, value] of Object.entries(one.params ?? {})) lines.push(`param ${name}=${value}`);
    for (const [name, value] of Object.entries(one.settings ?? {})) lines.push(`setting ${name}=${value}`);
    if (one.unordered) lines.push("unordered");
    if (one.code) {
      lines.push(`---- error ${one.code} ${one.type}`);
    } else {
      lines.push("---- 200");
      const text = one.text.endsWith("\n") ? one.text.slice(0, -1) : one.text;
      lines.push(...text.split("\n").map(marked));
    }
    lines.push("");
  }
  return lines.join("\n");
}
