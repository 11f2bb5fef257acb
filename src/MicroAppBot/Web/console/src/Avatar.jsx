const initials = (name) => {
  const parts = name.split(/\s+/).filter(Boolean);
  return ((parts[0]?.[0] ?? "?") + (parts.length > 1 ? parts.at(-1)[0] : "")).toUpperCase();
};

const tint = (id) => [...id].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 6, 0);

export const Avatar = ({ who, large }) => <span class={`avatar tint-${tint(who.id)}${large ? " large" : ""}`} aria-hidden="true">{initials(who.name)}</span>;

/** "Marketing · Business owner" */
export const wordsOf = (who) => [who.department, ...who.roles].filter(Boolean).join(" · ");
