declare module "*.css?inline" {
  const css: string;
  export default css;
}

/** The chat bundle's name beside widget.js, with its hash; set by build.mjs. */
declare const __CHAT_BUNDLE__: string;
