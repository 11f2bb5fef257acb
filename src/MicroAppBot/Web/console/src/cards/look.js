// The host config. Its colours are the variables of cards.css.
const colour = (name) => ({ default: `var(--card-${name})`, subtle: `var(--card-${name === "ink" ? "ink-2" : name})` });

const words = {
  default: colour("ink"),
  dark: colour("ink"),
  light: colour("ink"),
  accent: colour("accent"),
  good: colour("good"),
  warning: colour("warning"),
  attention: colour("attention"),
};
const style = (background) => ({ backgroundColor: `var(--card-${background})`, foregroundColors: words });

export default {
  supportsInteractivity: true,
  fontTypes: {
    default: {
      fontFamily: "inherit",
      fontSizes: { small: 13, default: 15, medium: 16, large: 18, extraLarge: 22 },
      fontWeights: { lighter: 400, default: 430, bolder: 620 },
    },
    monospace: {
      fontFamily: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
      fontSizes: { small: 12, default: 14, medium: 15, large: 16, extraLarge: 18 },
      fontWeights: { lighter: 400, default: 400, bolder: 600 },
    },
  },
  spacing: { none: 0, extraSmall: 4, small: 6, default: 12, medium: 16, large: 22, extraLarge: 30, padding: 18 },
  separator: { lineThickness: 1, lineColor: "var(--card-line)" },
  imageSizes: { small: 32, medium: 56, large: 120 },
  containerStyles: {
    default: style("surface"),
    emphasis: style("sunk"),
    accent: style("accent-soft"),
    good: style("good-soft"),
    warning: style("warning-soft"),
    attention: style("attention-soft"),
  },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" },
      optionalInputs: { weight: "bolder" },
    },
    errorMessage: { color: "attention", spacing: "small", weight: "default" },
  },
  actions: {
    maxActions: 6,
    spacing: "medium",
    buttonSpacing: 8,
    showCard: { actionMode: "inline", inlineTopMargin: 14, style: "emphasis" },
    actionsOrientation: "horizontal",
    actionAlignment: "left",
    allowTitleToWrap: true,
  },
  adaptiveCard: { allowCustomStyle: false },
  factSet: {
    title: { color: "default", isSubtle: true, weight: "default", wrap: true, maxWidth: 150 },
    value: { color: "default", weight: "default", wrap: true },
    spacing: 16,
  },
  textStyles: { heading: { size: "large", weight: "bolder" }, columnHeader: { weight: "bolder" } },
  textBlock: { headingLevel: 3 },
};
