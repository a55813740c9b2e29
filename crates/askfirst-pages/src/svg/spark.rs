//! Marks that stand inside a line of text or a table's row: bars, ticks, small lines and columns.

use maud::{Markup, html};

use super::scale::{fraction, percent, pixels};

/// A bar under a row, as wide as its value is of the largest, with a tick where the value was before.
pub fn bar(value: i128, before: Option<i128>, largest: i128) -> Markup {
    let wide = fraction(value, largest);
    html! {
        svg class="under" width="100%" height="8" aria-hidden="true" {
            rect class="acc" y="4" height="3" rx="1" width=(percent(wide)) {}
            // 1 px, so that what is there is never drawn as nothing
            @if value > 0 && wide < 0.004 { rect class="acc" y="4" height="3" width="1" {} }
            @if let Some(before) = before.filter(|&before| before > 0) {
                rect class="was" x=(percent(fraction(before, largest).min(0.995))) width="2" height="8" {}
            }
        }
    }
}

/// A bar inside a cell.
pub fn share(part: i128, largest: i128) -> Markup {
    html! {
        svg class="share" width="64" height="8" aria-hidden="true" {
            rect class="weak" width="64" height="8" rx="1" {}
            rect class="acc" height="8" rx="1" width=(pixels(fraction(part, largest) * 64.0)) {}
        }
    }
}

/// Columns over time on the row's own scale.
pub fn columns(points: &[i128]) -> Markup {
    const HEIGHT: f64 = 18.0;
    let largest = points.iter().copied().max().unwrap_or(0);
    let each = 1.0 / points.len().max(1) as f64;
    html! {
        svg class="columns" width="100%" height="20" aria-hidden="true" {
            line class="base" x1="0" x2="100%" y1="19.5" y2="19.5" {}
            @for (at, &point) in points.iter().enumerate() {
                @if point > 0 {
                    @let tall = (fraction(point, largest) * HEIGHT).max(1.0);
                    rect class="acc" x=(percent((at as f64 + 0.1) * each)) width=(percent(0.8 * each)) y=(pixels(19.0 - tall)) height=(pixels(tall)) {}
                }
            }
        }
    }
}

/// A line over time with the period before behind it, on one scale.
pub fn line(now: &[i128], before: &[i128]) -> Markup {
    const HEIGHT: f64 = 30.0;
    let largest = now.iter().chain(before).copied().max().unwrap_or(0);
    let points = now.len().max(before.len());
    let path = |values: &[i128]| {
        let place = |(at, &value): (usize, &i128)| {
            let y = HEIGHT - 1.5 - fraction(value, largest) * (HEIGHT - 3.0);
            format!("{}{at} {}", if at == 0 { "M" } else { "L" }, pixels(y))
        };
        values.iter().enumerate().map(place).collect::<String>()
    };
    let view = format!("0 0 {} {HEIGHT}", points.saturating_sub(1).max(1));
    html! {
        svg class="line" width="100%" height="30" viewBox=(view) preserveAspectRatio="none" aria-hidden="true" {
            @if before.len() > 1 { path class="was" d=(path(before)) {} }
            @if now.len() > 1 { path class="now" d=(path(now)) {} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_scaled_to_the_largest_and_never_vanishes() {
        insta::assert_snapshot!(bar(50, Some(80), 100).into_string(), @r#"<svg class="under" width="100%" height="8" aria-hidden="true"><rect class="acc" y="4" height="3" rx="1" width="50%"></rect><rect class="was" x="80%" width="2" height="8"></rect></svg>"#);
        assert!(bar(1, None, 100_000).into_string().contains("width=\"1\""));
        assert!(!bar(0, Some(0), 0).into_string().contains("NaN"));
    }

    #[test]
    fn a_line_and_the_one_before_share_a_scale() {
        insta::assert_snapshot!(line(&[0, 5, 10], &[20, 0, 0]).into_string(), @r#"<svg class="line" width="100%" height="30" viewBox="0 0 2 30" preserveAspectRatio="none" aria-hidden="true"><path class="was" d="M0 1.5L1 28.5L2 28.5"></path><path class="now" d="M0 28.5L1 21.8L2 15"></path></svg>"#);
        assert!(!line(&[], &[]).into_string().contains("path"));
    }

    #[test]
    fn columns_leave_out_zeros() {
        assert_eq!(
            columns(&[0, 1, 0, 1_000])
                .into_string()
                .matches("<rect")
                .count(),
            2
        );
    }
}
