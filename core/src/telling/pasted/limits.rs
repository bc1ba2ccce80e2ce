//! Who is known to cut passwords at this length?

use alloc::{format, string::String};

use crate::{ground::mend::Mend, telling::near_miss::hint::Hint};

/// Says so for a token that is cut and of which so many bytes arrived.
pub(super) fn known(arrived: usize) -> Option<Hint> {
    let (_, who) = KNOWN.iter().find(|(bytes, _)| *bytes == arrived)?;
    let message = format!("the token is cut: {arrived} bytes arrived, and {who}");
    let remedy = String::from(
        "send the whole token past that limit: connect without it, or have the identity provider put less into the token",
    );
    Some(Hint::new(message, Mend::client(remedy)))
}

/// How many bytes arrive, and who cuts there. Those marked *run* were found by sending tokens of growing length, the others are
/// reported or read in the source.
const KNOWN: [(usize, &str); 24] = [
    // A password prompt's buffer of 100 with its NUL: psql before PostgreSQL 14 and programs with its code (yugabyte #18067).
    (99, "the password prompts of older `psql` cut at 100 with the NUL"),
    (100, "the password prompts of older `psql` cut at 100"),
    // pgbouncer's MAX_PASSWORD until 1.8.
    (127, "older poolers keep passwords in 128 bytes"),
    (128, "older poolers keep passwords in 128 bytes"),
    // pgagroal #942 (256).
    (255, "pgagroal and `readpassphrase` buffers keep passwords in 256 bytes"),
    (256, "pgagroal keeps passwords in 256 bytes"),
    // pam_exec expose_authtok: run. PAM_MAX_RESP_SIZE of Linux-PAM's conversations is 512.
    (511, "`pam_exec` and PAM conversations cut passwords at 511"),
    (512, "PAM conversations keep answers in 512 bytes"),
    // pgbouncer PR 675.
    (995, "PgBouncer before 1.19 cut passwords at 996 with the NUL"),
    (996, "PgBouncer before 1.19 cut passwords at 996"),
    (999, "some clients cut passwords at 1000 with the NUL"),
    (1000, "some clients cut passwords at 1000"),
    // CyberDem0n/pam-oauth2 #9; pgcopydb #292 (a URI of 1023 bytes).
    (1023, "PAM modules and connection URIs with buffers of 1024 bytes cut there (pam-oauth2, pgcopydb)"),
    (1024, "PAM modules with buffers of 1024 bytes cut there"),
    // PgBouncer 1.18 with PAM: run. MAX_PASSWORD is 2048.
    (2047, "PgBouncer cuts passwords there"),
    (2048, "PgBouncer keeps passwords in 2048 bytes"),
    // The mariadb client's option file: run.
    (4085, "the `mariadb` client cuts lines of its option file there"),
    // psql's prompt and any terminal in line mode: run. N_TTY_BUF_SIZE is 4096.
    (4094, "terminals cut a line that is pasted at a prompt there"),
    (4095, "terminals cut a line that is pasted at a prompt there (`psql`)"),
    (4096, "terminals and buffers of 4096 bytes cut there"),
    (8191, "buffers of 8192 bytes cut there (pgagroal, pgmoneta)"),
    (8192, "buffers of 8192 bytes cut there (pgagroal, pgmoneta)"),
    // MariaDB's auth_pam: run. Its buffer is 10240.
    (10_238, "MariaDB's `auth_pam` takes no more"),
    (10_240, "MySQL and MariaDB read password files and buffers of 10240 bytes"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_limits_are_in_order_and_others_are_none() {
        assert!(KNOWN.is_sorted_by(|(one, _), (other, _)| one < other));
        assert!(known(2047).is_some_and(|hint| hint.message.contains("2047 bytes arrived, and PgBouncer")));
        assert!(known(2046).is_none());
    }
}
