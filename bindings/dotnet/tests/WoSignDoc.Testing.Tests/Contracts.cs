using WoSignDoc;
using WoSignDoc.Tests.Support;

namespace Shop.Tests;

/// <summary>The contracts of the tests that are shown in the documentation; a site has its own.</summary>
internal static class Contracts
{
    internal static SignOrder New(string number) => Orders.Person(number);
}
