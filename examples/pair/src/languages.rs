//! The language of a file, by its name.

use std::path::Path;

/// Endings of names, and the catalog's word for the language.
const ENDINGS: [(&str, &str); 42] = [
    ("bash", "bash"),
    ("c", "c"),
    ("cc", "cpp"),
    ("clj", "clojure"),
    ("cpp", "cpp"),
    ("cs", "csharp"),
    ("css", "css"),
    ("dart", "dart"),
    ("ex", "elixir"),
    ("exs", "elixir"),
    ("fs", "fsharp"),
    ("go", "go"),
    ("h", "c"),
    ("hpp", "cpp"),
    ("hs", "haskell"),
    ("html", "html"),
    ("java", "java"),
    ("js", "javascript"),
    ("json", "json"),
    ("jsx", "javascript"),
    ("kt", "kotlin"),
    ("lua", "lua"),
    ("md", "markdown"),
    ("ml", "ocaml"),
    ("nix", "nix"),
    ("php", "php"),
    ("pl", "perl"),
    ("proto", "protobuf"),
    ("py", "python"),
    ("r", "r"),
    ("rb", "ruby"),
    ("rs", "rust"),
    ("scala", "scala"),
    ("sh", "bash"),
    ("sql", "sql"),
    ("swift", "swift"),
    ("toml", "toml"),
    ("ts", "typescript"),
    ("tsx", "typescript"),
    ("xml", "xml"),
    ("yaml", "yaml"),
    ("yml", "yaml"),
];

/// The language, or `None` for what is not in the list.
pub(crate) fn of(file: &Path) -> Option<&'static str> {
    match file.file_name()?.to_str()? {
        "Dockerfile" => return Some("dockerfile"),
        "Makefile" => return Some("make"),
        _ => {}
    }
    let ending = file.extension()?.to_str()?.to_lowercase();
    let found = ENDINGS.iter().find(|(of, _)| *of == ending);
    found.map(|(_, language)| *language)
}
