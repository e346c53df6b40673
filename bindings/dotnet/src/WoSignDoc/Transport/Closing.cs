using System;

namespace WoSignDoc;

// Closes requests and answers, in which an application's handlers may have put what they like.
internal static class Closing
{
    // What closing throws outranks no answer that was read: its order would be sent again.
    internal static void Quietly(IDisposable one)
    {
        try
        {
            one.Dispose();
        }
        catch (Exception)
        {
            // The answer is all that matters by then.
        }
    }
}
