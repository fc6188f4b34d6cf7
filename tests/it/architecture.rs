//! The rules that hold the house up, read from its own text.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::helpers::given::root;

/// The files below a folder of the project, by their path in it, with their text.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found
        .into_iter()
        .filter(|path| {
            endings
                .iter()
                .any(|ending| path.to_string_lossy().ends_with(ending))
        })
        .filter_map(|path| {
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            // What is no text is no concern here.
            Some((name, std::fs::read_to_string(path).ok()?))
        })
        .collect()
}

fn collect(place: &Path, found: &mut Vec<PathBuf>) {
    const NOT_OURS: [&str; 6] = [
        "target",
        "node_modules",
        ".git",
        "data",
        "screens",
        ".partial",
    ];
    if place.is_file() {
        found.push(place.to_owned());
        return;
    }
    for entry in std::fs::read_dir(place).into_iter().flatten() {
        let entry = entry.unwrap();
        if !NOT_OURS.contains(&entry.file_name().to_str().unwrap()) {
            collect(&entry.path(), found);
        }
    }
}

/// The code of a file: without comments, and without the tests at its foot.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The source of the program: path below src, and code.
fn sources() -> Vec<(String, String)> {
    let below_src = |path: String| path.strip_prefix("src/").unwrap().to_owned();
    files("src", &[".rs"])
        .into_iter()
        .map(|(path, text)| (below_src(path), code(&text)))
        .collect()
}

/// The modules of the program that a piece of code names.
fn named(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(group) => {
                let group = group.split("};").next().unwrap();
                names.extend(group.split(',').map(first_word));
            }
            None => drop(names.insert(first_word(after))),
        }
    }
    names
}

fn first_word(text: &str) -> String {
    let is_part = |c: &char| c.is_alphanumeric() || *c == '_';
    text.trim_start().chars().take_while(is_part).collect()
}

/// The concepts and doors in the order of the map, lowest first.
fn concepts() -> Vec<String> {
    let map = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let (_, below) = map.split_once("// The concepts").unwrap();
    let modules = below
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "));
    modules
        .map(first_word)
        .filter(|name| !["app", "routes", "cli"].contains(&name.as_str()))
        .collect()
}

fn concept_of(path: &str) -> Option<usize> {
    let folder = path.split('/').next().unwrap();
    concepts().iter().position(|concept| concept == folder)
}

fn is_called(path: &str, name: &str) -> bool {
    path.rsplit('/').next() == Some(name)
}

#[test]
fn the_map_names_the_concepts_in_their_order() {
    let all = concepts();
    let place = |name: &str| all.iter().position(|it| it == name).unwrap();
    let order = [
        "staff",
        "young_people",
        "conferences",
        "referrals",
        "cases",
        "import",
        "report",
    ];
    assert!(order.map(place).is_sorted(), "{all:?}");
}

#[test]
fn rules_are_pure() {
    let below = ["calendar", "text", "ids", "access", "words", "id"].map(str::to_owned);
    for (path, code) in sources() {
        let is_rule = is_called(&path, "rules.rs");
        let is_base = ["calendar/", "access/", "text.rs"]
            .iter()
            .any(|base| path.starts_with(base));
        if !is_rule && !is_base {
            continue;
        }
        for other in ["diesel", "actix", "std::fs", "std::env", "SystemTime"] {
            assert!(!code.contains(other), "{path} names {other}");
        }
        assert!(
            !is_rule || !code.contains("Clock"),
            "{path} names the clock"
        );
        let mut allowed = BTreeSet::from(below.clone());
        if let Some(place) = concept_of(&path) {
            allowed.extend(concepts().into_iter().take(place + 1));
        }
        let others: Vec<_> = named(&code).difference(&allowed).cloned().collect();
        assert!(others.is_empty(), "{path} names {others:?}");
    }
}

#[test]
fn a_concept_names_only_those_above_it_on_the_map() {
    let all = concepts();
    for (path, code) in sources() {
        let Some(place) = concept_of(&path) else {
            continue;
        };
        let below: BTreeSet<_> = all.iter().skip(place + 1).cloned().collect();
        let names: Vec<_> = named(&code).intersection(&below).cloned().collect();
        assert!(names.is_empty(), "{path} names {names:?}");
    }
}

#[test]
fn what_lies_below_the_concepts_knows_none_of_them() {
    let all: BTreeSet<_> = concepts().into_iter().collect();
    // The guard asks who is signed in, and the settings hold for how long: both are staff's.
    let staff = BTreeSet::from(["staff".to_owned()]);
    for (path, code) in sources() {
        let frame = ["app.rs", "routes.rs", "lib.rs", "main.rs"].contains(&path.as_str());
        if frame || path.starts_with("cli/") || concept_of(&path).is_some() {
            continue;
        }
        let mut names: BTreeSet<_> = named(&code).intersection(&all).cloned().collect();
        if path.starts_with("web/") || path == "settings.rs" {
            names = names.difference(&staff).cloned().collect();
        }
        assert!(names.is_empty(), "{path} names {names:?}");
    }
}

#[test]
fn no_page_uses_another_concepts_page() {
    for (path, code) in sources()
        .iter()
        .filter(|(path, _)| is_called(path, "pages.rs"))
    {
        for concept in concepts() {
            let own = path.starts_with(&format!("{concept}/"));
            assert!(
                own || !code.contains(&format!("{concept}::pages")),
                "{path}: {concept}"
            );
        }
    }
}

#[test]
fn the_database_is_named_where_things_are_kept_and_nowhere_else() {
    for (path, code) in sources() {
        let keeps = path.starts_with("db/")
            || path.starts_with("report/figures/")
            || is_called(&path, "store.rs")
            // It says what the database's refusals mean.
            || path == "failure.rs";
        assert!(keeps || !code.contains("diesel"), "{path}");
    }
}

#[test]
fn the_web_is_named_by_pages_and_nowhere_else() {
    for (path, code) in sources() {
        let shows = path.starts_with("web/")
            || is_called(&path, "pages.rs")
            || path.contains("/pages/")
            || ["routes.rs", "app.rs", "cli/service.rs"].contains(&path.as_str());
        assert!(shows || !code.contains("actix"), "{path}");
    }
}

#[test]
fn tokens_are_read_by_the_web_alone() {
    for (path, code) in sources() {
        assert!(
            path.starts_with("web/") || !code.contains("jsonwebtoken"),
            "{path}"
        );
    }
}

#[test]
fn e_mails_are_sent_by_the_mail_alone() {
    for (path, code) in sources() {
        assert!(
            path.starts_with("mail/") || !code.contains("lettre"),
            "{path}"
        );
    }
}

#[test]
fn the_clock_is_asked_and_nothing_else() {
    for (path, code) in sources() {
        let is_clock = path == "calendar/clock.rs";
        for other in ["Utc::now", "Local::now", "SystemTime::now"] {
            assert!(is_clock || !code.contains(other), "{path} names {other}");
        }
    }
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    for (path, code) in sources() {
        assert!(
            !code.contains(concat!("#[al", "low")) && !code.contains(concat!("#![al", "low")),
            "{path}"
        );
    }
}

/// The file that is read away from the service carries its own style.
const STANDALONE: &str = "templates/reports/annual_file.hbs";

#[test]
fn templates_write_nothing_unescaped_and_nothing_inline() {
    let templates = files("templates", &[".hbs"]);
    assert!(templates.len() > 20);
    for (path, text) in templates {
        for raw in ["{{{", "{{&", "{{~{", "{{~&"] {
            assert!(!text.contains(raw), "{path} holds {raw}");
        }
        let inline = [
            "style=",
            "<style",
            "javascript:",
            " onclick=",
            " onchange=",
            " onsubmit=",
            " onload=",
        ];
        for inline in inline {
            assert!(
                path == STANDALONE || !text.contains(inline),
                "{path} holds {inline}"
            );
        }
        for script in text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains("src="), "{path} holds an inline script");
        }
    }
}

#[test]
fn the_stylesheet_closes_every_bracket_that_it_opens() {
    let text = std::fs::read_to_string(root().join("assets/heard.css")).unwrap();
    let mut open = 0;
    for (number, line) in text.lines().enumerate() {
        let begins = line.ends_with('{') && !line.starts_with([' ', '@']);
        assert!(
            !begins || open == 0,
            "line {}: something above is not closed",
            number + 1
        );
        open += line.matches('{').count();
        open -= line.matches('}').count();
    }
    assert_eq!(open, 0);
}

#[test]
fn the_npm_lock_names_no_address() {
    let lock = std::fs::read_to_string(root().join("package-lock.json")).unwrap();
    assert!(!lock.contains("resolved") && !lock.contains("http"));
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let mut documents = files("docs", &[".md"]);
    documents.extend(files("README.md", &[".md"]));
    documents.extend(files("seeds", &[".md"]));
    for (path, text) in documents {
        let folder = root().join(&path);
        let folder = folder.parent().unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#', ' ']).next().unwrap();
            let elsewhere =
                target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            assert!(
                elsewhere || folder.join(target).exists(),
                "{path} links to {target}"
            );
        }
    }
}

#[test]
fn no_file_names_a_machine() {
    let here = root().to_str().unwrap();
    let homes = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        here,
    ];
    // A folder of ours may have such a name: src/home/ is no machine's.
    let begins =
        |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || "._-".contains(c));
    for (path, text) in files("", &[""]) {
        for home in homes {
            let mut places = text.match_indices(home);
            let found = places.any(|(place, _)| begins(&text[..place]));
            assert!(!found, "{path} names {home}");
        }
    }
}

#[test]
fn every_setting_has_its_words() {
    let text = std::fs::read_to_string(root().join("config/default.toml")).unwrap();
    let mut explained = false;
    for line in text.lines() {
        match line {
            "" => explained = false,
            _ if line.starts_with('#') => explained = true,
            _ if line.starts_with('[') => {}
            // Settings that belong together share the words above them.
            _ => assert!(explained, "nothing is said of {line}"),
        }
    }
}
