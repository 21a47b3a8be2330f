/** Copying, saving and printing, where each may be missing: old WebViews, plain http, WeChat's browser. */

/** Copy words to the clipboard; resolves to whether it worked. `near` is an element of the same shadow root. */
export async function copyText(words: string, near: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyBySelection(words, near);
  }
}

/** The older way, which also works on plain http. */
function copyBySelection(words: string, near: Element): boolean {
  const area = document.createElement("textarea");
  area.value = words;
  area.readOnly = true;
  area.className = "offscreen";
  const before = (near.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
  near.after(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    // Nothing else is left to try.
  }
  area.remove();
  before?.focus();
  return done;
}

/** Hand the words to the browser as a file to save. */
export function saveText(words: string, name: string): void {
  // The mark makes old Windows editors read UTF-8.
  const address = URL.createObjectURL(new Blob(["\ufeff", words], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Open a plain page with the words and the browser's print dialog; false if a window was refused. */
export function printText(title: string, words: string): boolean {
  const page = window.open("", "_blank");
  if (!page) return false;
  const { body } = page.document;
  page.document.title = title;
  body.textContent = words;
  // Set through the object model: a strict CSP forbids style attributes in markup, not this.
  body.style.cssText = "margin:2em;font:16px/1.7 sans-serif;white-space:pre-wrap;overflow-wrap:anywhere";
  page.focus();
  page.print();
  return true;
}
