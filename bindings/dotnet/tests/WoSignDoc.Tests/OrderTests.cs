using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Typed orders, and where their bytes come from.</summary>
public sealed class OrderTests
{
    private static readonly byte[] Small = Pushes.Document(1000);

    /// Covers P-14, P-15: typed orders say what the protocol's own JSON says.
    [Test]
    public void A_typed_order_is_the_same_as_its_json()
    {
        var order = new SignOrder("HT-1")
        {
            Subject = "采购合同 \"A\"",
            Password = "密码",
            Document = Small,
            FileFormat = "pdf",
            Signers =
            {
                new Signer(SignerKind.Organisation, "云杉软件", "91350100M000100Y43")
                {
                    Seal = new byte[] { 9 },
                    Material = new byte[] { 1, 2 },
                    OtherMaterial = DocumentSource.FromBase64("Aw=="),
                    Boxes = { new SignatureBox(1, 0.1, 0.2, 0.3, 0.4), new SignatureBox(2, 0, 0, 1, 1) },
                },
                new Signer(SignerKind.Person, "李明", "X1")
                {
                    Country = "US",
                    Material = new byte[] { 1 },
                    OtherMaterial = new byte[] { 2 },
                    Boxes = { new SignatureBox(3, 0.12345, 0.2, 0.3, 0.4) },
                },
            },
        };
        const string Json = """
            {"orderNumber": "HT-1", "subject": "采购合同 \"A\"", "password": "密码", "filebase": {"attachment": 0},
             "fileformat": "pdf", "signerlist": [
              {"signType": 1, "orgName": "云杉软件", "orgNo": "91350100M000100Y43", "stampbase": "CQ==", "pic": "AQI=",
               "otherpic": "Aw==", "signlist": [{"page": 1, "left": 0.1, "bottom": 0.2, "right": 0.3, "top": 0.4},
                {"pagenumber": 2, "position": "0,0,1,1"}]},
              {"signType": 2, "userName": "李明", "userNo": "X1", "country": "US", "pic": "AQ==", "otherpic": "Ag==",
               "signlist": [{"page": 3, "left": 0.12345, "bottom": 0.2, "right": 0.3, "top": 0.4}]}]}
            """;
        var settings = new OrderSettings { TokenId = "T-1" };
        string typed = Text(OrderCheck.Wire(order, settings));
        Assert.That(typed, Is.EqualTo(Text(OrderCheck.WireJson(Json, [Small], settings))));
        Assert.That(typed, Does.Contain("\"tokenid\":\"T-1\"").And.Contain(Convert.ToBase64String(Small)));
    }

    /// Covers P-14: whatever the host's locale.
    [Test]
    public void Numbers_have_a_point_in_every_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            var comma = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            Thread.CurrentThread.CurrentCulture = comma;
            Assert.That(Text(OrderCheck.Wire(Order(Small))), Does.Contain("0.5,0.25,0.75,0.5"));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Test]
    public void Every_source_gives_the_same_body()
    {
        string folder = Repository.NewFolder();
        string file = Path.Combine(folder, "文件.pdf");
        byte[] large = Pushes.Document((3 * 1024 * 1024) + 1);
        File.WriteAllBytes(file, large);
        string expected = Text(OrderCheck.Wire(Order(large)));
        Assert.Multiple(() =>
        {
            Assert.That(Text(OrderCheck.Wire(Order(DocumentSource.FromFile(file)))), Is.EqualTo(expected));
            Assert.That(
                Text(OrderCheck.Wire(Order(DocumentSource.FromBytes(new ReadOnlyMemory<byte>([0, .. large, 0], 1, large.Length))))),
                Is.EqualTo(expected));
            Assert.That(
                Text(OrderCheck.Wire(Order(DocumentSource.FromBase64(Convert.ToBase64String(large))))), Is.EqualTo(expected));
            Assert.That(
                Text(OrderCheck.Wire(Order(DocumentSource.FromStream(new Dripping(large, 50_000))))), Is.EqualTo(expected));
            Assert.That(
                Text(OrderCheck.Wire(Order(DocumentSource.FromStream(new MemoryStream(large))))), Is.EqualTo(expected));
        });
    }

    [Test]
    public void A_large_stream_leaves_no_temporary_file()
    {
        string[] before = Spooled();
        SignOrder order = Order(DocumentSource.FromStream(new MemoryStream(Pushes.Document(2 * 1024 * 1024))));
        OrderCheck.Wire(order);
        order.Signers.Clear();
        Assert.Throws<InvalidOrderException>(() => OrderCheck.Validate(order));
        Assert.That(Spooled().Except(before), Is.Empty);
    }

    /// Others read the system's temporary folder too, and a contract is nobody else's.
    [Test]
    public void A_large_stream_lies_where_nobody_else_can_enter()
    {
        SignOrder order = Order(DocumentSource.FromStream(new MemoryStream(Pushes.Document(2 * 1024 * 1024))));
        using WrittenOrder written = OrderWriter.Write(order);
        string folder = Path.GetDirectoryName(PathsIn(written).Single())!;
        Assert.That(RunningProgram.Run("stat", $"-c %a {folder}").Trim(), Is.EqualTo("700"));
    }

    [Test]
    public void A_stream_that_cannot_seek_serves_once_and_one_that_can_serves_again()
    {
        SignOrder once = Order(DocumentSource.FromStream(new Dripping(Small, 10)));
        OrderCheck.Validate(once);
        Assert.That(
            Assert.Throws<InvalidOperationException>(() => OrderCheck.Validate(once))!.Message,
            Does.Contain("cannot seek"));

        var stream = new MemoryStream([7, .. Small]) { Position = 1 };
        SignOrder again = Order(DocumentSource.FromStream(stream));
        string first = Text(OrderCheck.Wire(again));
        Assert.That(Text(OrderCheck.Wire(again)), Is.EqualTo(first).And.Contain(Convert.ToBase64String(Small)));
    }

    [Test]
    public async Task Calls_at_once_may_share_a_stream()
    {
        byte[] bytes = Pushes.Document(900_000);
        string base64 = Convert.ToBase64String(bytes);
        for (int round = 0; round < 5; round++)
        {
            DocumentSource source = DocumentSource.FromStream(new MemoryStream(bytes));
            IEnumerable<Task<string>> waiting = Enumerable.Range(0, 4).Select(_ => Task.Run(() => TextOfAsync(source)));
            IEnumerable<Task<string>> blocking =
                Enumerable.Range(0, 4).Select(_ => Task.Run(() => Text(OrderCheck.Wire(Order(source)))));
            string[] bodies = await Task.WhenAll(waiting.Concat(blocking));
            Assert.That(bodies, Has.All.Contain(base64));
        }
    }

    [Test]
    public void A_temporary_file_that_cannot_be_removed_keeps_no_other_from_it()
    {
        SignOrder order = Order(DocumentSource.FromStream(new MemoryStream(Pushes.Document(2 * 1024 * 1024))));
        order.Signers[0].Material = DocumentSource.FromStream(new MemoryStream(Pushes.Document(2 * 1024 * 1024)));
        WrittenOrder written = OrderWriter.Write(order);
        string[] files = PathsIn(written);
        Assert.That(files.Select(File.Exists), Is.EqualTo(new[] { true, true }));
        Directory.Delete(Path.GetDirectoryName(files[0])!, recursive: true);
        Assert.DoesNotThrow(written.Dispose, "the platform may have taken the order");
        Assert.That(File.Exists(files[1]), Is.False);
    }

    [Test]
    public void One_source_may_serve_two_fields()
    {
        DocumentSource stream = DocumentSource.FromStream(new Dripping(Small, 10));
        SignOrder order = Order(Small);
        order.Signers[0].Material = stream;
        order.Signers[0].OtherMaterial = stream;
        string base64 = Convert.ToBase64String(Small);
        Assert.That(Text(OrderCheck.Wire(order)), Does.Contain($"\"pic\":\"{base64}\",\"otherpic\":\"{base64}\""));
    }

    [Test]
    public void The_file_name_gives_the_format_when_none_is_set()
    {
        string file = Path.Combine(Repository.NewFolder(), "a.PDF");
        File.WriteAllBytes(file, Small);
        SignOrder order = Order(DocumentSource.FromFile(file));
        order.FileFormat = null;
        Assert.That(Text(OrderCheck.Wire(order)), Does.Contain("\"fileformat\":\"pdf\""));
    }

    /// Covers P-14, P-15, P-18: all violations at once, with code and field.
    [Test]
    public void Every_violation_is_reported()
    {
        SignOrder order = Order(Small);
        order.OrderNumber = string.Empty;
        order.Signers.Add(Signer.Person(string.Empty, string.Empty));
        order.Signers[1].Material = Array.Empty<byte>();
        order.Signers[1].Boxes.Add(new SignatureBox(0, double.NaN, 0.5, 0.4, double.PositiveInfinity));
        InvalidOrderException exception = Assert.Throws<InvalidOrderException>(() => OrderCheck.Validate(order))!;
        Assert.Multiple(() =>
        {
            Assert.That(exception.Kind, Is.EqualTo(ErrorKind.InvalidOrder));
            Assert.That(exception.Code, Is.EqualTo(-100), "what the platform would answer first");
            Assert.That(exception.Field, Is.EqualTo("signerlist[1].otherpic"));
            Assert.That(
                exception.Violations.Select(static one => (one.Code, one.Field)),
                Is.SupersetOf(new[]
                {
                    (-55, "orderNumber"), (-53, "signerlist[1].userName"), (-54, "signerlist[1].userNo"),
                    (-57, "signerlist[1].pic"), (-100, "signerlist[1].otherpic"),
                    (-79, "signerlist[1].signlist[0].pagenumber"), (-79, "signerlist[1].signlist[0].position"),
                }));
            Assert.That(exception.Violations, Has.All.Property("MessageZh").Not.Empty);
            Assert.That(
                exception.Message,
                Does.StartWith($"{exception.MessageEn}: [-100] signerlist[1].otherpic: ").And.Contain("signerlist[1].userNo"));
            Assert.That(
                exception.Message,
                Does.Contain(string.Join("; ", exception.Violations.Select(one => $"[{one.Code}] {one.Field}: {one.Message}"))));
            Assert.That(exception.MessageZh, Is.Not.Empty);
        });
    }

    /// Covers P-10, P-17: warnings come beside the result.
    [Test]
    public void Oddities_are_warnings()
    {
        SignOrder order = Order(Small);
        order.Subject = new string('长', 300);
        order.Signers[0] = new Signer(SignerKind.Person, "李明", "110105194912310021")
        {
            Material = Small,
            OtherMaterial = Small,
            Boxes = { new SignatureBox(1, 0.1, 0.1, 0.2, 0.2) },
        };
        Assert.That(
            OrderCheck.Validate(order).Select(static one => one.Field),
            Is.EquivalentTo(new[] { "subject", "signerlist[0].userNo" }));
    }

    /// Covers P-16: the switch for platforms that know the signer.
    [Test]
    public void Materials_may_be_empty_when_the_settings_say_so()
    {
        SignOrder order = Order(Small);
        order.Signers[0].Material = null;
        order.Signers[0].OtherMaterial = DocumentSource.FromBytes(ReadOnlyMemory<byte>.Empty);
        Assert.Throws<InvalidOrderException>(() => OrderCheck.Validate(order));
        Assert.DoesNotThrow(() => OrderCheck.Validate(order, new OrderSettings { AllowEmptyMaterial = true }));
    }

    [Test]
    public void A_missing_attachment_and_bad_json_are_wrong_calls()
    {
        Assert.That(
            Assert.Throws<InvalidCallException>(() => OrderCheck.ValidateJson("{"))!.Reason, Is.EqualTo("bad_json"));
        Assert.That(
            Assert.Throws<InvalidCallException>(() => OrderCheck.ValidateJson(
                """
                {"orderNumber": "A", "filebase": {"attachment": 1}, "fileformat": "pdf", "signerlist": [{"signType": 2,
                 "userName": "李明", "userNo": "1", "pic": "QQ==", "otherpic": "QQ==", "signlist":
                 [{"pagenumber": 1, "position": "0,0,1,1"}]}]}
                """,
                [Small]))!.Reason,
            Is.EqualTo("attachment_missing"));
    }

    [Test]
    public void Nothing_confidential_is_in_a_text_form()
    {
        SignOrder order = Order(Small);
        order.Password = "geheim";
        Assert.That(order.ToString(), Does.Contain("HT-1").And.Not.Contain("geheim"));
        Assert.That(order.Signers[0].ToString(), Does.Not.Contain("李明").And.Not.Contain("1101"));
    }

    /// <summary>The files that an order names.</summary>
    private static string[] PathsIn(WrittenOrder order) =>
        [.. Regex.Matches(Encoding.UTF8.GetString(order.Text.ToArray()), "\"path\":\"([^\"]+)\"")
            .Cast<Match>().Select(static one => one.Groups[1].Value)];

    /// <summary>Folders in the system's temporary one that hold a large stream of this package's.</summary>
    private static string[] Spooled() =>
        [.. Directory.GetDirectories(Path.GetTempPath(), "wosigndoc-net-*").Where(static folder =>
            new DirectoryInfo(folder) is { Exists: true } found
            && found.GetFiles().Any(static file => file.Length == 2 * 1024 * 1024))];

    private static SignOrder Order(DocumentSource document) => new("HT-1")
    {
        Document = document,
        FileFormat = "pdf",
        Signers =
        {
            new Signer(SignerKind.Person, "李明", "11010519491231002X")
            {
                Material = new byte[] { 1 },
                OtherMaterial = new byte[] { 2 },
                Boxes = { new SignatureBox(1, 0.5, 0.25, 0.75, 0.5) },
            },
        },
    };

    private static SignOrder Order(byte[] document) => Order(DocumentSource.FromBytes(document));

    private static async Task<string> TextOfAsync(DocumentSource document)
    {
        using WrittenOrder written = await OrderWriter.WriteAsync(Order(document), synchronous: false, default);
        return Convert.ToBase64String(written.Attachments[0].ToArray());
    }

    private static string Text(WiredOrder order) => Encoding.UTF8.GetString(order.Body.ToArray());
}
