/** A page of WebAssembly's memory. */
export const pageBytes = 65_536;
/** They make 4 GiB. */
export const mostPages = 65_536;
