// What a screen reader, or a voice of the device, is given to say: the words, a pause after each part, no buttons of ours.
const PARTS = "p, li, h2, h3, summary, button, .text > div";

export function heard(item) {
  const copy = item.cloneNode(true);
  for (const part of copy.querySelectorAll(".listen, .pictures, progress, [aria-hidden], details:not([open]) > :not(summary)")) part.remove();
  for (const part of copy.querySelectorAll(PARTS)) part.append("\n");
  return copy.textContent.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => (/[.!?:…。！？؟]$/.test(line) ? line : `${line}.`)).join(" ");
}

// The latest answer. In danger the number stands before everything else.
export function answer(lines) {
  const said = lines.map(heard).join(" ");
  const urgent = lines.find((line) => line.classList.contains("urgent"));
  const number = urgent?.querySelector("a.number")?.textContent;
  return { said: number ? `${number}. ${said}` : said, urgent: Boolean(urgent) };
}
