//! Setting words on paper: the typeface that the program carries, and PDF files that screen readers
//! can read, from a template and the files that it asks for.

#[cfg(feature = "pdf")]
mod pdf;

#[cfg(feature = "pdf")]
pub use pdf::to_pdf;

/// Source Sans 3, under the SIL Open Font License: regular, then bold.
pub const FONTS: [&[u8]; 2] = [
    include_bytes!(concat!(env!("OUT_DIR"), "/fonts/regular.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/fonts/bold.ttf")),
];
