//! Both engines have the same tables, by the same steps.

use std::collections::BTreeMap;

use crate::helpers::given::root;

/// The steps of one engine: name and text.
pub fn migration_texts(engine: &str) -> BTreeMap<String, String> {
    let steps = std::fs::read_dir(root().join("migrations").join(engine)).unwrap();
    steps
        .map(|step| {
            let step = step.unwrap();
            let text = std::fs::read_to_string(step.path().join("up.sql")).unwrap();
            (step.file_name().into_string().unwrap(), text)
        })
        .collect()
}

#[test]
fn the_steps_have_the_same_names() {
    let names = |engine| migration_texts(engine).into_keys().collect::<Vec<_>>();
    assert_eq!(names("sqlite"), names("postgres"));
}
