//! Brings in the stylesheets and scripts of GOV.UK Frontend, which come from npm and are never
//! copied into the repository, and puts them beside our own in `$OUT_DIR/assets`; and the typeface
//! of printed reports, into `$OUT_DIR/fonts`.
//!
//! Every file is named after its content (`heard.1a2b3c4d.css`), so a browser may keep it for ever.
//! The public path of each is an environment variable for `env!`: `ASSET_GOVUK_CSS`,
//! `ASSET_GOVUK_JS`, `ASSET_HEARD_CSS`, `ASSET_HEARD_JS`, `ASSET_FAVICON`.

use std::env;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const WATCHED: [&str; 4] = ["build.rs", "package.json", "package-lock.json", "assets"];

/// What GOV.UK Frontend writes for its typeface, and what we put there: the stack in `heard.css`.
const THEIR_TYPEFACE: &str = "GDS Transport,arial,sans-serif";
const OUR_TYPEFACE: &str = "var(--heard-typeface,system-ui,sans-serif)";

/// How `heard.js` names GOV.UK Frontend: replaced by the name with the content in it.
const THEIR_SCRIPT: &str = "\"./govuk-frontend.js\"";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            for line in message.lines().filter(|line| !line.trim().is_empty()) {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    for path in WATCHED {
        println!("cargo::rerun-if-changed={path}");
    }
    let root = folder("CARGO_MANIFEST_DIR")?;
    install(&root)?;

    fonts(&root)?;

    let theirs = root.join("node_modules/govuk-frontend/dist/govuk");
    let ours = root.join("assets");
    let out = folder("OUT_DIR")?.join("assets");
    if out.exists() {
        fs::remove_dir_all(&out).map_err(told(&out))?;
    }
    fs::create_dir_all(&out).map_err(told(&out))?;

    let css = stylesheet(&read(&theirs.join("govuk-frontend.min.css"))?)?;
    publish(&out, "govuk-frontend", "css", &css, "ASSET_GOVUK_CSS")?;
    let js = script(&read(&theirs.join("govuk-frontend.min.js"))?);
    let govuk_js = publish(&out, "govuk-frontend", "js", &js, "ASSET_GOVUK_JS")?;

    let css = read(&ours.join("heard.css"))?;
    publish(&out, "heard", "css", &css, "ASSET_HEARD_CSS")?;
    let js = read(&ours.join("heard.js"))?;
    if !js.contains(THEIR_SCRIPT) {
        return Err(format!("assets/heard.js does not import {THEIR_SCRIPT}"));
    }
    let js = js.replace(THEIR_SCRIPT, &format!("\"./{govuk_js}\""));
    publish(&out, "heard", "js", &js, "ASSET_HEARD_JS")?;
    let icon = read(&ours.join("favicon.svg"))?;
    publish(&out, "favicon", "svg", &icon, "ASSET_FAVICON")?;
    Ok(())
}

/// The typeface of the files that people print: Source Sans 3, under the SIL Open Font License.
fn fonts(root: &Path) -> Result<(), String> {
    let theirs = root.join("node_modules/@expo-google-fonts/source-sans-3");
    let ours = folder("OUT_DIR")?.join("fonts");
    fs::create_dir_all(&ours).map_err(told(&ours))?;
    for (from, to) in [
        ("400Regular/SourceSans3_400Regular.ttf", "regular.ttf"),
        ("700Bold/SourceSans3_700Bold.ttf", "bold.ttf"),
    ] {
        let from = theirs.join(from);
        fs::copy(&from, ours.join(to)).map_err(told(&from))?;
    }
    Ok(())
}

/// Runs `npm ci` when what it would bring is not there, or is older than the lock file.
fn install(root: &Path) -> Result<(), String> {
    let changed = |path: PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    let installed = changed(root.join("node_modules/.package-lock.json"));
    let locked = changed(root.join("package-lock.json"));
    if installed.is_some() && installed >= locked {
        return Ok(());
    }
    // The browser tests use the development packages of the same folder, so these come too,
    // even where NODE_ENV says production.
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"])
        .current_dir(root)
        .output()
        .map_err(|cause| {
            format!(
                "npm could not be started ({cause}).\n\
                 Heard takes GOV.UK Frontend from npm when it is built. Install Node.js 18 or newer \
                 with npm (on Debian: apt-get install nodejs npm), then build again."
            )
        })?;
    if npm.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&npm.stderr);
    let said: Vec<&str> = said
        .lines()
        .filter(|line| !line.starts_with("npm warn") && line.trim() != "npm error")
        .take(6)
        .collect();
    Err(format!(
        "npm ci did not succeed ({}). It said:\n{}",
        npm.status,
        said.join("\n")
    ))
}

/// GOV.UK Frontend's stylesheet without what belongs to gov.uk alone: its typeface and the crest.
fn stylesheet(css: &str) -> Result<String, String> {
    let css = css.strip_prefix("@charset \"UTF-8\";").unwrap_or(css);
    let css = without(css, "/*! Copyright (c) 2011", "*/")?;
    let css = without(&css, "@font-face{", "}")?;
    let css = without_declarations(&css, "url(/assets/images/govuk-crest.svg)");
    let css = without_source_map(&css, "/*# sourceMappingURL=");
    let css = css.replace(THEIR_TYPEFACE, OUR_TYPEFACE);
    for left in ["GDS Transport", "@font-face", "govuk-crest", "url("] {
        if css.contains(left) {
            return Err(format!(
                "GOV.UK Frontend's stylesheet still holds {left:?} after build.rs took out what \
                 belongs to gov.uk: its text has changed, and build.rs has to follow."
            ));
        }
    }
    Ok(format!(
        "@charset \"UTF-8\";\n/* GOV.UK Frontend, MIT licence, github.com/alphagov/govuk-frontend; \
         typeface and crest taken out */\n{css}"
    ))
}

fn script(js: &str) -> String {
    format!(
        "/* GOV.UK Frontend, MIT licence, github.com/alphagov/govuk-frontend */\n{}\n",
        without_source_map(js, "//# sourceMappingURL=")
    )
}

/// `text` without each stretch from `start` to the next `end`.
fn without(text: &str, start: &str, end: &str) -> Result<String, String> {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once(start) {
        let (_, after) = from
            .split_once(end)
            .ok_or_else(|| format!("GOV.UK Frontend's stylesheet: {start:?} has no end"))?;
        kept.push_str(before);
        rest = after;
    }
    kept.push_str(rest);
    Ok(kept)
}

/// `css` without each declaration whose value holds `value`.
fn without_declarations(css: &str, value: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, from)) = rest.split_once(value) {
        kept.push_str(before.trim_end_matches(|c| c != '{' && c != ';'));
        let after = from.trim_start_matches(|c| c != '}' && c != ';');
        rest = after.strip_prefix(';').unwrap_or(after);
    }
    kept.push_str(rest);
    kept
}

/// `text` up to the note that names its source map, which is not served.
fn without_source_map<'text>(text: &'text str, note: &str) -> &'text str {
    text.split_once(note)
        .map_or(text, |(before, _)| before)
        .trim_end()
}

/// Writes one file under a name that changes with its content, and tells the program its path.
fn publish(
    out: &Path,
    stem: &str,
    ending: &str,
    text: &str,
    variable: &str,
) -> Result<String, String> {
    let name = format!("{stem}.{}.{ending}", fingerprint(text));
    let path = out.join(&name);
    fs::write(&path, text).map_err(told(&path))?;
    println!("cargo::rustc-env={variable}=/assets/{name}");
    Ok(name)
}

/// FNV-1a over the text, folded to eight hexadecimal digits. Tells versions apart; keeps no secret.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
}

fn folder(variable: &str) -> Result<PathBuf, String> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or_else(|| format!("{variable} is not set: build.rs is run by cargo"))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(told(path))
}

fn told<E: Display>(path: &Path) -> impl FnOnce(E) -> String {
    move |cause| format!("{}: {cause}", path.display())
}
