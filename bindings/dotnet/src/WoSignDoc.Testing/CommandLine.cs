#if !NET8_0_OR_GREATER
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace WoSignDoc.Testing;

// Writes arguments as one text, where the runtime takes no list of them. Windows' rules, which Mono obeys too.
internal static class CommandLine
{
    internal static string Of(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    private static string Quote(string argument)
    {
        var quoted = new StringBuilder("\"");
        int slashes = 0;
        foreach (char one in argument)
        {
            // A backslash counts twice before a quotation mark, and only there.
            quoted.Append('\\', one == '"' ? slashes + 1 : 0).Append(one);
            slashes = one == '\\' ? slashes + 1 : 0;
        }

        return quoted.Append('\\', slashes).Append('"').ToString();
    }
}
#endif
