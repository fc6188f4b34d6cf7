//! Files that come with a form: what they are called and what they hold.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::Submitted;

/// A file that somebody chose.
#[derive(Clone)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The files of a form; none where the form brought none.
#[derive(Clone, Default)]
pub struct Files(Vec<(String, File)>);

impl Files {
    /// The files that were chosen in a field.
    pub fn of(self, field: &str) -> Vec<File> {
        let files = self.0.into_iter();
        files
            .filter(|(name, _)| name == field)
            .map(|(_, file)| file)
            .collect()
    }
}

impl FromRequest for Files {
    type Error = super::Failed;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let files = request.extensions_mut().remove::<Self>();
        ready(Ok(files.unwrap_or_default()))
    }
}

/// What divides the parts of a form with files; none where a form is of another kind.
pub(super) fn boundary(request: &HttpRequest) -> Option<String> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, parameters) = kind.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("boundary="))?
        .trim_matches('"');
    (!boundary.is_empty() && boundary.len() <= 70).then(|| boundary.to_owned())
}

/// Cuts a form into its values and its files; none where it is damaged.
pub(super) fn parse(body: &[u8], boundary: &str) -> Option<(Submitted, Files)> {
    let first = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let (mut values, mut files) = (Vec::new(), Vec::new());
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let head = find(rest, b"\r\n\r\n")?;
        let heading = std::str::from_utf8(rest.get(..head)?).ok()?;
        rest = rest.get(head + 4..)?;
        let end = end_of_part(rest, between.as_bytes())?;
        let content = rest.get(..end)?;
        rest = rest.get(end + between.len()..)?;
        let disposition = heading.lines().find(|line| {
            line.to_ascii_lowercase()
                .starts_with("content-disposition:")
        })?;
        let field = parameter(disposition, "name")?;
        match parameter(disposition, "filename") {
            None => values.push((field, String::from_utf8_lossy(content).into_owned())),
            // Nothing was chosen.
            Some(name) if name.is_empty() && content.is_empty() => {}
            Some(name) => {
                let bytes = content.to_vec();
                files.push((
                    field,
                    File {
                        name: last_part(&name),
                        bytes,
                    },
                ));
            }
        }
    }
    Some((Submitted::of(values), Files(files)))
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        from += text.get(from..)?.iter().position(|byte| *byte == first)?;
        if text.get(from..)?.starts_with(what) {
            return Some(from);
        }
        from += 1;
    }
}

/// Where the mark between two parts stands, and not only something that begins like it.
fn end_of_part(text: &[u8], between: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        from += find(text.get(from..)?, between)?;
        let after = text.get(from + between.len()..)?;
        if after.starts_with(b"\r\n") || after.starts_with(b"--") {
            return Some(from);
        }
        from += 1;
    }
}

/// Browsers write a quotation mark within a value as %22.
fn parameter(disposition: &str, name: &str) -> Option<String> {
    let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("%22", "\""))
}

/// The name of a file without the folders that some browsers send along.
fn last_part(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(150).collect();
    match plain.trim() {
        "" => "file".to_owned(),
        plain => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\sheets\\a; b.csv\"\r\nContent-Type: text/csv\r\n\r\none\r\n--xy\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"other\"; filename=\"\"\r\n\r\n\r\n--x--\r\n";

    #[test]
    fn values_and_files_are_told_apart_byte_for_byte() {
        let (sent, files) = parse(FORM.as_bytes(), "x").unwrap_or_default();
        assert_eq!(sent.first("csrf"), "abc");
        assert!(files.clone().of("other").is_empty());
        let files = files.of("file");
        let said: Vec<_> = files
            .iter()
            .map(|file| (file.name.as_str(), file.bytes.as_slice()))
            .collect();
        // What only begins like the mark between two parts is part of the file.
        assert_eq!(said, [("a; b.csv", b"one\r\n--xy\r\n".as_slice())]);
    }

    #[test]
    fn a_form_cut_anywhere_is_refused() {
        for cut in 0..FORM.len() - 4 {
            let body = FORM.as_bytes().get(..cut).unwrap_or_default();
            assert!(parse(body, "x").is_none(), "cut at {cut}");
        }
    }

    #[test]
    fn folders_are_no_part_of_a_name() {
        assert_eq!(last_part("C:\\sheets\\a.csv"), "a.csv");
        assert_eq!(last_part("../../a.csv"), "a.csv");
        assert_eq!(last_part("/"), "file");
    }
}
