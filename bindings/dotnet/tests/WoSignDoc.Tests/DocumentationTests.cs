#if NET
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What is shipped as documentation is about what a program can use.</summary>
public sealed class DocumentationTests
{
    [TestCase("WoSignDoc", typeof(WoSignDocClient))]
    [TestCase("WoSignDoc.AspNetCore", typeof(Microsoft.AspNetCore.Builder.WoSignDocEndpointRouteBuilderExtensions))]
    public void It_describes_public_members_only(string project, Type one)
    {
        string file = Directory.GetFiles(Repository.File("target", "dotnet", "bin", project), project + ".xml",
            SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).First();
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
