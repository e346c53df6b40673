//! The report for people: first what is to be done, the gravest first, then what is right.

use std::cmp::Reverse;
use std::io::{Result, Write};

use super::report::{CaseReport, Report};
use super::shot::Grade;
use crate::terminal::both;

/// Prints it.
pub fn print(out: &mut impl Write, report: &Report) -> Result<()> {
    let count = |grade| report.cases.iter().filter(|case| case.grade == grade).count();
    let (passed, advice, wrong) = (count(Grade::Passed), count(Grade::Advice), count(Grade::Wrong));
    writeln!(out, "{}", overall(report.grade))?;
    writeln!(
        out,
        "{} requests: {passed} cases passed, {advice} advice, {wrong} wrong ({} 个请求：{passed} 项通过，{advice} 项建议，\
         {wrong} 项错误)",
        report.requests, report.requests
    )?;
    let mut found: Vec<&CaseReport> = report.cases.iter().filter(|case| !case.findings.is_empty()).collect();
    found.sort_by_key(|case| Reverse(case.grade));
    for case in found {
        writeln!(out, "{:<7} {}  {}", word(case.grade), case.case, both(&case.title))?;
        for finding in &case.findings {
            writeln!(out, "        {}  {}", word(finding.grade), both(&finding.message))?;
            writeln!(out, "          -> {}", both(&finding.advice))?;
        }
    }
    let passed: Vec<&str> =
        report.cases.iter().filter(|case| case.findings.is_empty()).map(|case| case.case).collect();
    if !passed.is_empty() {
        writeln!(out, "passed  {}", passed.join(", "))?;
    }
    report.notes.iter().try_for_each(|note| writeln!(out, "note    {}", both(note)))
}

fn overall(grade: Grade) -> &'static str {
    match grade {
        Grade::Passed => "all right (全部正确)",
        Grade::Advice => "advice (有建议)",
        Grade::Wrong => "wrong (有错误)",
    }
}

fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Passed => "passed",
        Grade::Advice => "advice",
        Grade::Wrong => "wrong",
    }
}
