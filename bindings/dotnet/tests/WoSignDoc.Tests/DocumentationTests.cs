#if NET
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using NUnit.Framework;

namespace WoSignDoc.Tests;

/// <summary>What is shipped as documentation is about what a program can use.</summary>
public sealed class DocumentationTests
{
    [TestCase(typeof(WoSignDocClient))]
    [TestCase(typeof(Testing.WoSignDocSandbox))]
    [TestCase(typeof(Microsoft.AspNetCore.Builder.WoSignDocEndpointRouteBuilderExtensions))]
    public void It_describes_public_members_only(Type one)
    {
        // Built along with the assembly that is tested: another framework's, or an older one, says something else.
        string file = Path.ChangeExtension(one.Assembly.Location, ".xml");
        var described = XDocument.Load(file).Descendants("member").Select(each => (string)each.Attribute("name")!).ToList();
        Assert.That(described, Has.Count.GreaterThan(3));
        Assert.That(described.Where(name => !IsPublic(one.Assembly, name)), Is.Empty);
    }

    private static bool IsPublic(Assembly assembly, string name)
    {
        string plain = name.Split('(')[0].Substring(2);
        if (name.StartsWith("T:", StringComparison.Ordinal))
        {
            return assembly.GetType(plain)?.IsVisible == true;
        }

        int dot = plain.LastIndexOf('.');
        string member = plain.Substring(dot + 1).Replace('#', '.');
        Type? type = assembly.GetType(plain.Substring(0, dot));
        return type?.IsVisible == true
            && type.GetMember(member, BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Length > 0;
    }
}
#endif
