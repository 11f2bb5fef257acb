/** Facts (each a span) in a row, with a dot between any two that stand on one line. */
export const Words = ({ children }) => <div class="thing-words"><p>{children}</p></div>;
