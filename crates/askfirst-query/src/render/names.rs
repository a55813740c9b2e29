//! Names in tight cells: shortened in the middle, and never so that two look alike.

use unicode_width::UnicodeWidthStr;

/// Shortens every name to at most `cells`. Where two would look alike they are cut elsewhere, and if nothing
/// tells them apart they stay whole.
pub(crate) fn shorten_all(names: &[String], cells: usize, ellipsis: &str) -> Vec<String> {
    let mut short: Vec<String> = names
        .iter()
        .map(|name| shorten(name, cells, ellipsis, 2))
        .collect();
    for cut in [3, 4, 8] {
        for i in alike(&short, names) {
            short[i] = shorten(&names[i], cells, ellipsis, cut);
        }
    }
    for i in alike(&short, names) {
        short[i].clone_from(&names[i]);
    }
    short
}

/// Positions of names that look like another, different name.
fn alike(short: &[String], names: &[String]) -> Vec<usize> {
    let twin = |i: usize| (0..short.len()).any(|j| short[i] == short[j] && names[i] != names[j]);
    (0..short.len()).filter(|&i| twin(i)).collect()
}

/// Drops the middle parts of a path first; else keeps `1/cut` of the room for the start, the rest for the end.
fn shorten(name: &str, cells: usize, ellipsis: &str, cut: usize) -> String {
    if name.width() <= cells {
        return name.to_owned();
    }
    if cut == 2
        && let Some(path) = without_middle(name, ellipsis).filter(|path| path.width() <= cells)
    {
        return path;
    }
    let room = cells.saturating_sub(ellipsis.width());
    let start = room / cut;
    let head = take(name.chars(), start);
    let tail: String = take(name.chars().rev(), room - start)
        .chars()
        .rev()
        .collect();
    format!("{head}{ellipsis}{tail}")
}

fn without_middle(name: &str, ellipsis: &str) -> Option<String> {
    let (first, rest) = name.split_once('/')?;
    let (_, last) = rest.rsplit_once('/')?;
    Some(format!("{first}/{ellipsis}/{last}"))
}

fn take(chars: impl Iterator<Item = char>, cells: usize) -> String {
    let mut taken = String::new();
    for c in chars {
        let next = taken.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if next > cells {
            break;
        }
        taken.push(c);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(names: &[&str], cells: usize) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        shorten_all(&names, cells, "…")
    }

    #[test]
    fn the_middle_of_a_path_goes_first() {
        assert_eq!(
            short(&["openrouter/anthropic/claude-3.5-sonnet"], 30),
            ["openrouter/…/claude-3.5-sonnet"]
        );
        assert_eq!(
            short(&["openrouter/anthropic/claude-3.5-sonnet"], 26),
            ["openrouter/a…de-3.5-sonnet"]
        );
        assert_eq!(
            short(&["claude-3-5-sonnet-20241022"], 26),
            ["claude-3-5-sonnet-20241022"]
        );
    }

    #[test]
    fn two_names_never_look_alike() {
        let names = [
            "gemini-1.5-pro-exp-0801-preview-us",
            "gemini-1.5-pro-exp-0827-preview-us",
        ];
        let cut = short(&names, 22);
        assert_ne!(cut[0], cut[1]);
        let paths = [
            "openrouter/a/claude-3.5-sonnet",
            "openrouter/b/claude-3.5-sonnet",
        ];
        let cut = short(&paths, 30);
        assert_eq!(cut, paths);
        assert_ne!(short(&paths, 29)[0], short(&paths, 29)[1]);
    }

    #[test]
    fn wide_characters_count_two_cells() {
        assert_eq!(
            short(&["模型模型模型模型模型模型"], 21),
            ["模型模型模…型模型模型"]
        );
    }
}
