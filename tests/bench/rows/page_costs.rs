//! Measures what pages cost: the processor time of an answer, which does not depend on how many clients ask.
//! It must not grow with the number of modules or versions.

use crate::corpus::{Published, public_modules};
use crate::failure::Failure;
use crate::figure::{Figure, Goal, Quantity, Spread};
use crate::load::Taken;
use crate::requests;
use crate::server::Server;

use super::order::Bench;

/// The most microseconds of processor that a page may cost, and what is aimed at.
const COST: Goal = Goal::AtMost {
    must: 250.0,
    reach: 100.0,
};

/// How much more a page may cost in a module with fifty times as many versions.
const GROWTH: Goal = Goal::AtMost {
    must: 1.5,
    reach: 1.1,
};

/// Measures the rows.
pub(super) fn rows(bench: &mut Bench<'_>, server: &Server) -> Result<(), Failure> {
    let get = |path: String| requests::get(&path, None);
    let of_five = |page: &str| -> Vec<Vec<u8>> {
        let modules = public_modules();
        modules
            .map(|module| get(format!("/modules/{module}/1.4.0{page}")))
            .collect()
    };
    let Published { module, version } = &bench.corpus.long_lived;
    let of_many = |page: &str| vec![get(format!("/modules/{module}/{version}{page}"))];
    let pages = [
        ("home", vec![get("/".to_owned())]),
        ("search page, a word", vec![get("/search?q=vpc".to_owned())]),
        (
            "page of an organization",
            vec![get("/modules/open".to_owned())],
        ),
        ("list of 5 versions", of_five("/versions")),
    ];
    let grown = [("overview", ""), ("inputs", "/inputs")];
    let grown = grown.map(|(name, page)| (name, of_five(page), of_many(page)));
    for (name, asked) in pages {
        let name = format!("{name}, processor time");
        if bench.options.wants(&name) {
            let taken = bench.ask(&server.target, &asked)?;
            let measured = microseconds(&taken)?;
            bench.report.add(Figure::alone(&name, COST, measured));
        }
    }
    for (name, five, many) in grown {
        let alone = format!("{name} of a module with 5 versions, processor time");
        let compared = format!("{name} of a module with 250 versions, processor time");
        if !bench.options.wants(&alone) && !bench.options.wants(&compared) {
            continue;
        }
        let five = bench.ask(&server.target, &five)?;
        let measured = microseconds(&five)?;
        bench.report.add(Figure::alone(&alone, COST, measured));
        let many = bench.ask(&server.target, &many)?;
        let pairs = many.iter().zip(&five);
        let ratios = pairs.map(|(many, five)| cost(many) / cost(five)).collect();
        let (ratio, baseline) = (
            Spread::of(ratios)?,
            Quantity {
                unit: "µs, with 5 versions",
                ..measured
            },
        );
        let measured = microseconds(&many)?;
        bench.report.add(Figure::compared(
            &compared, GROWTH, measured, baseline, ratio,
        ));
    }
    Ok(())
}

fn cost(taken: &Taken) -> f64 {
    taken.processor.as_secs_f64() * 1e6
}

fn microseconds(taken: &[Taken]) -> Result<Quantity, Failure> {
    Ok(Quantity {
        value: Spread::of(taken.iter().map(cost).collect())?.median,
        unit: "µs",
    })
}
