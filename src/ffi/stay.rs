//! The library stays loaded once it was called: a host that unloads it would take the code from under exit handlers of
//! threads that it ran on. On ELF systems the linker says so (`-z nodelete`, build.rs); on Windows the library does.

/// Keeps the library loaded until the process ends.
#[cfg(not(windows))]
pub(super) fn stay_loaded() {}

/// Keeps the library loaded until the process ends.
#[cfg(windows)]
pub(super) fn stay_loaded() {
    use std::ffi::c_void;
    use std::sync::Once;

    /// `GET_MODULE_HANDLE_EX_FLAG_PIN`, and `…_FROM_ADDRESS`.
    const PIN_BY_ADDRESS: u32 = 0x1 | 0x4;
    static PINNED: Once = Once::new();

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, within: *const c_void, module: *mut *mut c_void) -> i32;
    }

    PINNED.call_once(|| {
        let mut module = std::ptr::null_mut();
        // SAFETY: the address lies in this very module, as the flags say, and the handle is written to a variable of
        // this function. Where it fails, the library can be unloaded as any other.
        unsafe { GetModuleHandleExW(PIN_BY_ADDRESS, stay_loaded as *const c_void, &raw mut module) };
    });
}
