//! What the service counts: the annual report, on a page and in files, and the rows behind every
//! figure.

pub mod annual;
pub mod charts;
pub mod document;
pub mod figures;
pub mod page;
pub mod pages;
pub mod renderings;
