// The reference renderer as the global `AdaptiveCards`, with our look (hostConfig) and safe markdown.
import { AdaptiveCard, GlobalSettings, HostConfig } from "adaptivecards";
import MarkdownIt from "markdown-it";
import look from "./look.js";

export * from "adaptivecards";

// Exactly what a card may say in Teams: emphasis, lists and links; no HTML, headings, code, images or tables
const markdown = new MarkdownIt("zero", { html: false, linkify: false, breaks: true })
  .enable(["emphasis", "list", "link", "newline", "escape", "entity"]);

markdown.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim());
markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
  tokens[index].attrSet("target", "_blank");
  tokens[index].attrSet("rel", "noopener noreferrer");
  return self.renderToken(tokens, index, options);
};

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

// What can be ticked is plain text everywhere else, so nobody escapes it
GlobalSettings.useMarkdownInRadioButtonAndCheckbox = false;

/** How cards look here: colours are CSS variables, so light and dark change without drawing a card again. */
export const hostConfig = () => new HostConfig(look);
