const Icon = ({ children, size = 20 }) => (
  <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    {children}
  </svg>
);

export const Send = () => <Icon><path d="M10 16V4M4.8 9.2 10 4l5.2 5.2" /></Icon>;
export const Down = () => <Icon size={18}><path d="M10 4v12M5 11l5 5 5-5" /></Icon>;
export const Back = () => <Icon size={18}><path d="M16 10H4M9 5l-5 5 5 5" /></Icon>;
export const Chat = () => <Icon><path d="M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-3.7 3v-3a1.8 1.8 0 0 1-1.8-1.8z" /></Icon>;
export const People = () => <Icon><circle cx="7.5" cy="7" r="2.8" /><path d="M2.5 16c.3-3 2.2-4.6 5-4.6s4.7 1.6 5 4.6M13 4.6a2.6 2.6 0 0 1 0 4.9M14.8 11.8c1.6.6 2.5 2 2.7 4.2" /></Icon>;
export const Apps = () => <Icon><rect x="3" y="3" width="5.8" height="5.8" rx="1.6" /><rect x="11.2" y="3" width="5.8" height="5.8" rx="1.6" /><rect x="3" y="11.2" width="5.8" height="5.8" rx="1.6" /><rect x="11.2" y="11.2" width="5.8" height="5.8" rx="1.6" /></Icon>;
export const Sun = () => <Icon size={18}><circle cx="10" cy="10" r="3.2" /><path d="M10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M4.7 15.3l1-1M14.3 5.7l1-1" /></Icon>;
export const Moon = () => <Icon size={18}><path d="M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3z" /></Icon>;
export const Close = () => <Icon size={18}><path d="m5 5 10 10M15 5 5 15" /></Icon>;

export const Signed = () => <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" class="seat-signed"><circle cx="8" cy="8" r="7.2" /><path d="m4.9 8.200 2.200 2.200 4-4.500" fill="none" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" /></svg>;
export const Unsigned = () => <svg width="16" height="16" viewBox="0 0 16 16" fill="none" aria-hidden="true" class="seat-open"><circle cx="8" cy="8" r="6.5" stroke-width="1.4" stroke-dasharray="2.3 2.5" /></svg>;

/** The mark: a small app, handed over with a tick. */
export const Mark = ({ size = 28 }) => (
  <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden="true" class="mark">
    <path class="mark-body" d="M8.5 1.5h11a7 7 0 0 1 7 7v8a7 7 0 0 1-7 7H12l-5.6 3.6c-.7.4-1.5-.1-1.5-.9v-3.9a7 7 0 0 1-3.4-6V8.5a7 7 0 0 1 7-7z" />
    <path class="mark-tick" d="m9 12.8 3.5 3.5 6.8-7.3" fill="none" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" />
  </svg>
);
