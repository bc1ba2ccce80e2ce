//! What is left of a login in memory? Nothing: whatever this library frees is overwritten first.
//!
//! Tokens are lent and stay where the caller has them, but what was decoded of them (claims, signatures, messages that quote
//! claims) lives in memory of this library. Overwriting all of it takes no list of what is secret.
//!
//! Only in the installed libraries, which hold a runtime of their own: an allocator is one for the whole program.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    arch::asm,
};

struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: everything is the system's allocator's, which gets each block back with the layout that it had. `realloc` is the
// provided one: a new block, a copy, and the old block overwritten.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller promises a layout that is not empty.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller promises a block of this layout that nobody uses any more. The assembly is empty: it tells the
        // compiler that somebody reads the block, or the writing would be taken out as of no use.
        unsafe {
            block.write_bytes(0, layout.size());
            asm!("/* {0} */", in(reg) block, options(nostack, preserves_flags));
            System.dealloc(block, layout);
        }
    }
}
