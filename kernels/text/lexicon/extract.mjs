// Makes words.tsv and emoji.tsv of the published lexicons; run by hand when one of them changes:
//
//   npm install --no-save vader-sentiment@1.1.3
//   node extract.mjs node_modules/vader-sentiment/vader_lexicon.txt emoji_utf8_lexicon.txt
//
// The second file is that of github.com/cjhutto/vaderSentiment, commit 44fc044: the package of npm
// has no emoji. What neither can match is left out: tokens are lower case without blanks, and
// emoji are looked up a code point at a time.
import { readFileSync, writeFileSync } from "node:fs";

// Four words that commit 44fc044 rates otherwise than the package of npm does, or alone.
const kNewer = { badass: 1.4, flawed: -2.1, heart: 3.2, hearts: 3.3 };

const rows = (path) => readFileSync(path, "utf8").split("\n").filter((line) => line.trim() !== "")
  .map((line) => line.replace(/\r$/, "").split("\t"));
const write = (path, entries) =>
  writeFileSync(path, entries.map(([key, value]) => `${key}\t${value}\n`).join(""));
const by_bytes = ([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const [words_path, emoji_path] = process.argv.slice(2);
const words = new Map();
for (const [word, valence] of rows(words_path)) {
  // Of several ratings of one token the last counts, as in the reference implementation.
  if (word === word.toLowerCase() && !/\s/.test(word)) words.set(word, Number(valence));
}
for (const [word, valence] of Object.entries(kNewer)) words.set(word, valence);
write("words.tsv", [...words].sort(by_bytes));

const emoji = rows(emoji_path).filter(([picture]) => [...picture].length === 1);
write("emoji.tsv", emoji.sort(by_bytes));
