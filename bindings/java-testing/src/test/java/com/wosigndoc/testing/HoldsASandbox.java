package com.wosigndoc.testing;

/** Is a process with a sandbox, to be killed. */
final class HoldsASandbox {
    private HoldsASandbox() {}

    public static void main(String[] arguments) throws Exception {
        WoSignDocSandbox sandbox = WoSignDocSandbox.start();
        long server = ProcessHandle.current().children().findFirst().orElseThrow().pid();
        System.out.println(server + " " + sandbox.ca().getParent());
        System.in.read();
    }
}
