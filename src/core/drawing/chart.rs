//! The chart of downloads by day, as bars.

use std::collections::BTreeMap;

use crate::domain::{Day, Timestamp, number};

use super::label::width;
use super::svg::{Attributes, Svg};

/// The most days that are drawn, which are the last ones.
const MAX_DAYS: u32 = 366;
/// The approximate width of all bars together.
const WIDTH: i64 = 720;
/// The height of the highest bar.
const HEIGHT: i64 = 120;
/// The space above the bars, for the highest number.
const TOP: i64 = 20;
/// The space below the bars, for the dates.
const BELOW: i64 = 24;
/// The widest step from one bar to the next.
const MAX_STEP: i64 = 24;

/// Options of a chart.
#[derive(Debug, Clone, Default)]
pub struct ChartOptions {
    /// What is counted, such as `Downloads`; with the total it forms the title of the chart.
    pub title: String,
    /// The prefix of all ids, so that ids of several drawings on one page differ.
    pub id_prefix: String,
}

/// Draws the downloads of each day. Days between the given ones had no downloads.
pub fn chart_svg(days: &[(Day, u64)], options: &ChartOptions) -> String {
    let bars = bars(days);
    let total = bars
        .iter()
        .fold(0_u64, |sum, &(_, count)| sum.saturating_add(count));
    let mut svg = Svg::default();
    let count = i64::try_from(bars.len()).unwrap_or(i64::MAX).max(1);
    let step = (WIDTH / count).clamp(1, MAX_STEP);
    let most = bars.iter().map(|&(_, count)| count).max().unwrap_or(0);
    let most_label = number(most);
    let left = width(&most_label).saturating_add(10);
    // A few bars are narrower than the two dates below them.
    let bars_width = step
        .saturating_mul(count)
        .max(if total > 0 { 200 } else { WIDTH });
    let full = left.saturating_add(bars_width).saturating_add(4);
    head(&mut svg, options, (full, total), &bars);
    let Some((first, last)) = bars.first().zip(bars.last()).filter(|_| total > 0) else {
        let middle = full / 2;
        let at: Attributes<'_> = &[
            ("class", &"label"),
            ("x", &middle),
            ("y", &(TOP + HEIGHT / 2)),
            ("text-anchor", &"middle"),
        ];
        svg.text("text", at, "No downloads yet");
        svg.close("svg");
        return svg.finish();
    };
    axis(&mut svg, (left, bars_width), &most_label);
    let mut x = left;
    for &(day, count) in &bars {
        bar(&mut svg, (x, step), (day, count), most);
        x = x.saturating_add(step);
    }
    let base = TOP + HEIGHT + 16;
    let right = left.saturating_add(bars_width);
    svg.text(
        "text",
        &[("class", &"label"), ("x", &left), ("y", &base)],
        &date(first.0),
    );
    if first.0 != last.0 {
        let at: Attributes<'_> = &[
            ("class", &"label"),
            ("x", &right),
            ("y", &base),
            ("text-anchor", &"end"),
        ];
        svg.text("text", at, &date(last.0));
    }
    svg.close("svg");
    svg.finish()
}

/// Returns each day from the first to the last, with its count.
fn bars(days: &[(Day, u64)]) -> Vec<(Day, u64)> {
    let mut counts: BTreeMap<Day, u64> = BTreeMap::new();
    for &(day, count) in days {
        let sum = counts.entry(day).or_default();
        *sum = sum.saturating_add(count);
    }
    let Some((&Day(first), &Day(last))) = counts.keys().next().zip(counts.keys().next_back())
    else {
        return Vec::new();
    };
    let first = first.max(last.saturating_sub(MAX_DAYS.saturating_sub(1)));
    let days = (first..=last).map(Day);
    days.map(|day| (day, counts.get(&day).copied().unwrap_or(0)))
        .collect()
}

fn head(svg: &mut Svg, options: &ChartOptions, (full, total): (i64, u64), bars: &[(Day, u64)]) {
    let title = format!("{}title", options.id_prefix);
    let height = TOP + HEIGHT + BELOW;
    svg.open(
        "svg",
        &[
            ("xmlns", &"http://www.w3.org/2000/svg"),
            ("class", &"chart"),
            ("role", &"img"),
            ("aria-labelledby", &title),
            ("viewBox", &format!("0 0 {full} {height}")),
            ("width", &full),
            ("height", &height),
            ("font-family", &"ui-monospace, monospace"),
            ("font-size", &12),
        ],
    );
    let mut text = format!("{}: {} in all", options.title, number(total));
    if let Some((first, last)) = bars.first().zip(bars.last()) {
        text = format!("{text}, from {} to {}", date(first.0), date(last.0));
    }
    svg.text("title", &[("id", &title)], &text);
}

fn axis(svg: &mut Svg, (left, bars_width): (i64, i64), most: &str) {
    let right = left.saturating_add(bars_width);
    let base = TOP + HEIGHT;
    for y in [TOP, base] {
        let d = format!("M{left} {y}H{right}");
        svg.empty("path", &[("class", &"axis"), ("d", &d), ("fill", &"none")]);
    }
    let x = left.saturating_sub(6);
    for (y, text) in [(TOP, most), (base, "0")] {
        svg.text(
            "text",
            &[
                ("class", &"label"),
                ("x", &x),
                ("y", &y.saturating_add(4)),
                ("text-anchor", &"end"),
            ],
            text,
        );
    }
}

fn bar(svg: &mut Svg, (x, step): (i64, i64), (day, count): (Day, u64), most: u64) {
    if count == 0 {
        return;
    }
    let scaled = u128::from(count).saturating_mul(u128::from(HEIGHT.unsigned_abs()));
    let height = scaled.checked_div(u128::from(most)).unwrap_or(0);
    // A bar that is not zero is always visible.
    let height = i64::try_from(height).unwrap_or(HEIGHT).clamp(1, HEIGHT);
    let gap = i64::from(step > 2);
    svg.open(
        "rect",
        &[
            ("class", &"bar"),
            ("x", &x),
            ("y", &(TOP + HEIGHT).saturating_sub(height)),
            ("width", &step.saturating_sub(gap)),
            ("height", &height),
        ],
    );
    svg.text("title", &[], &format!("{}: {}", date(day), number(count)));
    svg.close("rect");
}

/// Writes the day as in `2026-11-25`.
fn date(day: Day) -> String {
    let micros = i64::from(day.0).saturating_mul(86_400_000_000);
    let time = Timestamp::from_micros(micros).to_string();
    time.split('T').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> ChartOptions {
        ChartOptions {
            title: "Downloads <of> \"x\"".to_owned(),
            id_prefix: "chart-".to_owned(),
        }
    }

    fn bar_heights(svg: &str) -> Vec<i64> {
        let document = roxmltree::Document::parse(svg).expect("well-formed");
        let rects = document
            .descendants()
            .filter(|one| one.has_tag_name("rect"));
        let heights = rects.map(|rect| rect.attribute("height").expect("a height"));
        heights
            .map(|height| height.parse().expect("a number"))
            .collect()
    }

    #[test]
    fn bars_are_as_high_as_their_counts() {
        let days = [
            (Day(20_000), 50),
            (Day(20_002), 100),
            (Day(20_003), 1),
            (Day(20_002), 100),
        ];
        let svg = chart_svg(&days, &options());
        assert_eq!(bar_heights(&svg), [30, 120, 1]);
        assert!(
            svg.contains("251 in all, from 2024-10-04 to 2024-10-07"),
            "{svg}"
        );
        assert!(svg.contains("<title>2024-10-06: 200</title>"), "{svg}");
    }

    #[test]
    fn no_downloads_are_said_in_words() {
        for days in [&[][..], &[(Day(1), 0)]] {
            let svg = chart_svg(days, &options());
            assert!(svg.contains("No downloads yet"), "{svg}");
            assert!(bar_heights(&svg).is_empty());
        }
    }

    #[test]
    fn the_last_year_is_drawn_whatever_is_given() {
        let days = [
            (Day(0), u64::MAX),
            (Day(u32::MAX), u64::MAX),
            (Day(u32::MAX - 1), 1),
        ];
        assert_eq!(bar_heights(&chart_svg(&days, &options())), [1, 120]);
        let year: Vec<_> = (0..1_000).map(|day| (Day(day), 5)).collect();
        assert_eq!(bar_heights(&chart_svg(&year, &options())).len(), 366);
    }
}
