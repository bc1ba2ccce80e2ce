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

/// How many bytes arrive, and who cuts there. *Run*: found by sending longer and longer tokens. The others are reported in the issue
/// named, or are one of a buffer's two lengths, with and without the NUL at its end.
const KNOWN: [(usize, &str); 21] = [
    // yugabyte #18067, CyberDem0n/pam-oauth2 #9: the prompt of psql before PostgreSQL 14.
    (99, "the password prompt of older `psql` cuts there (a buffer of 100 bytes)"),
    (100, "the password prompt of older `psql` cuts there (a buffer of 100 bytes)"),
    (127, "older poolers cut there (a buffer of 128 bytes)"),
    (128, "older poolers cut there (a buffer of 128 bytes)"),
    // pgagroal #942.
    (255, "older pgagroal cuts there (a buffer of 256 bytes)"),
    (256, "older pgagroal cuts there (a buffer of 256 bytes)"),
    // `pam_exec expose_authtok`: run. PAM_MAX_RESP_SIZE of Linux-PAM is 512.
    (511, "`pam_exec` cuts passwords there (PAM's limit of 512 bytes)"),
    (512, "PAM conversations cut there (PAM's limit of 512 bytes)"),
    // pgbouncer PR 675.
    (995, "older PgBouncer cuts there (a buffer of 996 bytes)"),
    (996, "older PgBouncer cuts there (a buffer of 996 bytes)"),
    (1000, "some clients cut there (a limit of 1000)"),
    // CyberDem0n/pam-oauth2 #9, pgcopydb #292.
    (1023, "PAM modules and tools with a buffer of 1024 bytes cut there (pam-oauth2, pgcopydb)"),
    (1024, "PAM modules and tools with a buffer of 1024 bytes cut there (pam-oauth2, pgcopydb)"),
    // PgBouncer 1.18 with PAM: run.
    (2047, "PgBouncer cuts passwords there"),
    (2048, "PgBouncer cuts passwords there (a buffer of 2048 bytes)"),
    // The mariadb client's option file: run.
    (4085, "the `mariadb` client cuts its option file's lines there"),
    // psql's prompt: run. A terminal in line mode keeps 4096 bytes with the line end.
    (4095, "a terminal cuts there what is pasted at a prompt, such as `psql`'s"),
    (4096, "a terminal cuts there what is pasted at a prompt, such as `psql`'s"),
    // pgagroal #942 and pgmoneta #1224 since 2026.
    (8191, "pgagroal and pgmoneta cut there (a buffer of 8192 bytes)"),
    (8192, "pgagroal and pgmoneta cut there (a buffer of 8192 bytes)"),
    // MariaDB 10.11 with `auth_pam`: run.
    (10_238, "MariaDB's `auth_pam` takes no more"),
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
