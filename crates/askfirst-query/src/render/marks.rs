//! Bars and sparks made of characters.

const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A bar of at most `cells`, to an eighth of a cell; anything above zero shows. `#` without UTF-8.
pub fn bar(value: i128, largest: i128, cells: usize, utf8: bool) -> String {
    if value <= 0 || largest <= 0 {
        return String::new();
    }
    let steps = if utf8 { cells * 8 } else { cells };
    let filled = share_of(value.min(largest), largest, steps).max(1);
    if !utf8 {
        return "#".repeat(filled);
    }
    let mut bar = "█".repeat(filled / 8);
    bar.extend((filled % 8).checked_sub(1).map(|eighth| EIGHTHS[eighth]));
    bar
}

/// One character a point on the row's own scale; zero is a space.
pub fn spark(points: &[i128]) -> String {
    let largest = points.iter().copied().max().unwrap_or(0);
    // rounded up, so that a low day is not drawn as none
    let level =
        |&point: &i128| match usize::try_from((point.max(0) * 8 + largest - 1) / largest.max(1)) {
            Ok(level @ 1..) => LEVELS[level.min(8) - 1],
            _ => ' ',
        };
    points.iter().map(level).collect()
}

/// `value / largest` in whole `steps`, rounded.
fn share_of(value: i128, largest: i128, steps: usize) -> usize {
    let steps = steps as i128;
    usize::try_from((value * steps * 2 + largest) / (largest * 2)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_scaled_to_the_largest_and_never_vanishes() {
        assert_eq!(bar(52_608, 52_608, 11, true), "███████████");
        assert_eq!(bar(3_337, 52_608, 11, true), "▊");
        assert_eq!(bar(1, 52_608, 11, true), "▏");
        assert_eq!(bar(0, 52_608, 11, true), "");
        assert_eq!(bar(3, 6, 11, true), "█████▌");
        assert_eq!(bar(1, 52_608, 11, false), "#");
        assert_eq!(bar(3, 6, 11, false), "######");
    }

    #[test]
    fn a_spark_has_its_own_scale_and_zero_is_empty() {
        assert_eq!(spark(&[0, 1, 50, 100]), " ▁▄█");
        assert_eq!(spark(&[0, 0]), "  ");
        assert_eq!(spark(&[]), "");
    }
}
