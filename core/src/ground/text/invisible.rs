//! Which characters of a text would a reader not see, or not see as they are?

/// Whether the text is printable ASCII alone, as nearly every text is: told a byte at a time, without branches.
pub(super) fn is_printed(text: &str) -> bool {
    text.bytes().fold(true, |printed, byte| printed & (b' '..0x7f).contains(&byte))
}

/// Characters that leave no mark, or that change how the text around them is drawn: control and format characters,
/// separators but the space, what Unicode says may be ignored when a text is drawn (`Default_Ignorable_Code_Point`,
/// assigned or not), the empty Braille pattern, and noncharacters.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{1680}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
            | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Characters of the blocks of combining marks, which are drawn over what stands before them.
pub(super) fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{3099}'..='\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The general categories of what is not drawn, and the ranges of `Default_Ignorable_Code_Point` in Unicode 15.0
    /// (`DerivedCoreProperties.txt`) that none of them holds.
    #[test]
    fn every_character_without_a_mark_of_its_own_is_invisible() {
        use regex_syntax_unicode_15::hir::{Class, HirKind};
        let pattern = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\x{34F}\x{115F}-\x{1160}\x{17B4}-\x{17B5}\x{180B}-\x{180F}\x{2065}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}\x{FFF0}-\x{FFF8}\x{E0000}-\x{E0FFF}]";
        let HirKind::Class(Class::Unicode(class)) = regex_syntax_unicode_15::parse(pattern).unwrap().into_kind() else {
            panic!("a class");
        };
        for range in class.iter() {
            for character in (range.start()..=range.end()).filter(|&character| character != ' ') {
                assert!(is_invisible(character), "{:x}", u32::from(character));
            }
        }
    }
}
