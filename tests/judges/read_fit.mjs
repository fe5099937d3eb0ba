// Reads FIT files as fit-file-parser understands them; prints the messages of each as JSON, in order.
import { readFile } from "node:fs/promises";
import FitParser from "fit-file-parser";

const found = [];
for (const path of process.argv.slice(2)) {
  const parser = new FitParser({ force: false, mode: "list" });
  found.push((await parser.parseAsync(await readFile(path))).messages);
}
process.stdout.write(JSON.stringify(found));
