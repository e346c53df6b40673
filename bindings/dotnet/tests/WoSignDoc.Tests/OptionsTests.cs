using System;
using System.IO;
using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What options say, over what a file says.</summary>
public sealed class OptionsTests
{
    private static Platform One => Platform.One;

    [Test]
    public void Roots_replace_those_of_the_file_in_either_form()
    {
        string ca = File.ReadAllText(One.CaFile);
        WoSignDocOptions text = WoSignDocOptions.FromFile(One.ClientJson);
        text.Roots.Ca = ca;
        JsonNode roots = Json(text)["roots"]!;
        Assert.That((roots["ca_file"], roots["ca"]!.GetValue<string>()), Is.EqualTo(((JsonNode?)null, ca)));
        Assert.DoesNotThrow(() => new WoSignDocClient(text).Dispose());

        WoSignDocOptions file = WoSignDocOptions.FromFile(Written(root => root["roots"] = new JsonObject { ["ca"] = ca }));
        file.Roots.CaFile = One.CaFile;
        roots = Json(file)["roots"]!;
        Assert.That((roots["ca"], roots["ca_file"]!.GetValue<string>()), Is.EqualTo(((JsonNode?)null, One.CaFile)));
    }

    [Test]
    public void An_identity_replaces_that_of_the_file_with_its_passphrase()
    {
        string written = Written(static root => root["identity"]!["passphrase"] = "of the file's key");
        WoSignDocOptions options = WoSignDocOptions.FromFile(written);
        Assert.That(Json(options)["identity"]!["passphrase"], Is.Not.Null);
        options.Identity.Pkcs12File = "other.p12";
        Assert.That(Json(options)["identity"]!.ToJsonString(), Is.EqualTo("""{"pkcs12_file":"other.p12"}"""));
        options.Identity.Passphrase = "p";
        Assert.That(Json(options)["identity"]!["passphrase"]!.GetValue<string>(), Is.EqualTo("p"));
    }

    [Test]
    public void The_pause_may_be_none()
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(One.ClientJson);
        options.RetryPause = TimeSpan.Zero;
        Assert.That(Json(options)["retry"]!["pause_ms"]!.GetValue<int>(), Is.Zero);
        Assert.DoesNotThrow(() => new WoSignDocClient(options).Dispose());
        options.RetryPause = TimeSpan.FromSeconds(-1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WoSignDocClient(options));
    }

    [Test]
    public void Json_may_begin_with_a_byte_order_mark_or_say_where_the_settings_are()
    {
        string tokenId = JsonNode.Parse(File.ReadAllText(One.ClientJson))!["tokenid"]!.GetValue<string>();
        string file = Written(static root => root["allow_empty_material"] = true);
        string place = new JsonObject { ["file"] = file }.ToJsonString();
        string whole = Json(WoSignDocOptions.FromFile(file)).ToJsonString();
        SignOrder order = Orders.Person();
        order.Signers[0].Material = null;
        foreach (string json in new[] { place, "\uFEFF" + place, whole, "\uFEFF" + whole })
        {
            using WoSignDocClient client = WoSignDocClient.FromJson(json);
            Assert.That(client.Validate(order), Is.Empty);
            Assert.That(
                Encoding.UTF8.GetString(client.Wire(order).Body.ToArray()),
                Does.StartWith($"{{\"tokenid\":\"{tokenId}\""));
        }
    }

    [TestCase("{", "bad_json")]
    [TestCase("[]", "bad_json")]
    [TestCase("""{"file": "/nonexistent.json"}""", "file_unreadable")]
    [TestCase("""{"file": "client.json", "tokenid": "T-1"}""", "missing_option")]
    public void Json_that_is_no_configuration_is_refused_by_its_reason(string json, string reason) =>
        Assert.That(
            Assert.Catch<WoSignDocException>(() => WoSignDocClient.FromJson(json))!.Reason, Is.EqualTo(reason));

    private static JsonNode Json(WoSignDocOptions options) => JsonNode.Parse(options.ToJson())!;

    /// <summary>The platform's configuration, changed, in a file beside it.</summary>
    private static string Written(Action<JsonNode> change)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(One.ClientJson))!;
        change(root);
        string path = Path.Combine(One.Folder, $"client-{Guid.NewGuid():N}.json");
        File.WriteAllText(path, root.ToJsonString());
        return path;
    }
}
