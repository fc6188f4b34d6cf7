//! What somebody is still writing: kept on the server for each user and page, so that nothing
//! typed is lost.

pub(super) mod store;
