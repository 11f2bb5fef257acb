export default class NoCarousel {}
export const [A11y, Autoplay, History, Keyboard, Navigation, Pagination, Scrollbar] = [];
