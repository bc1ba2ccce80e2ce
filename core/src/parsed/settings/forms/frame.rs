//! Which lines are no rows, but what a terminal draws around them?

/// A line like `------+-----`.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.bytes().all(|byte| matches!(byte, b'-' | b'+' | b'|'))
}

/// Whether the line closes a table: the number of its rows, or the time that it took.
pub(super) fn is_footer(line: &str) -> bool {
    let words = line.trim_start_matches(['(', '#', ' ']);
    let rest = words.trim_start_matches(|character: char| character.is_ascii_digit());
    let counts = rest.len() < words.len() && matches!(rest.trim_end_matches([')', ' ', '\r']), " row" | " rows");
    counts || line.starts_with("Time: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footers_are_told_from_rows() {
        for line in ["(1 row)", "(312 rows)", "# 2 rows", "Time: 4ms total (execution 3ms / network 1ms)"] {
            assert!(is_footer(line), "{line}");
        }
        for line in ["( rows)", "1 rower", "", "server.a,b", "(1 row) x"] {
            assert!(!is_footer(line), "{line}");
        }
    }
}
