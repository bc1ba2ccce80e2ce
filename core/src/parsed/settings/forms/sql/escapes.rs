//! What does this escape of an `e'…'` string stand for?

pub(super) enum Escape {
    Character(char),
    Byte(u8),
}

/// The escape at the start of the text and its length. A character without a meaning of its own stands for itself.
pub(super) fn escape(text: &str) -> Option<(Escape, usize)> {
    let mut characters = text.strip_prefix('\\')?.chars();
    let first = characters.next()?;
    let number = |start: usize, digits: usize, radix: u32| {
        let written = text.get(start..start + digits)?;
        let all = written.chars().all(|digit| digit.is_digit(radix));
        all.then(|| u32::from_str_radix(written, radix).ok())?
    };
    let character = |scalar: u32| char::from_u32(scalar).map(Escape::Character);
    let byte = |value: u32| u8::try_from(value).ok().map(Escape::Byte);
    match first {
        'a' => Some((Escape::Character('\u{7}'), 2)),
        'b' => Some((Escape::Character('\u{8}'), 2)),
        'f' => Some((Escape::Character('\u{c}'), 2)),
        'n' => Some((Escape::Character('\n'), 2)),
        'r' => Some((Escape::Character('\r'), 2)),
        't' => Some((Escape::Character('\t'), 2)),
        'v' => Some((Escape::Character('\u{b}'), 2)),
        'x' | 'X' => Some((byte(number(2, 2, 16)?)?, 4)),
        '0'..='7' => Some((byte(number(1, 3, 8)?)?, 4)),
        'u' => Some((character(number(2, 4, 16)?)?, 6)),
        'U' => Some((character(number(2, 8, 16)?)?, 10)),
        itself => Some((Escape::Character(itself), 1 + itself.len_utf8())),
    }
}
