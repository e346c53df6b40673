using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The cases of vectors/endpoint.json, with every store of the package.</summary>
public sealed class EndpointVectorTests
{
    /// Covers P-2, P-30, P-31, P-32, P-33: what is answered, what reaches the function, what the store holds then.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public void Requests(Func<string, TimeSpan?, IDeliveryStore> make) => Vectors.RunAll("endpoint.json", (test, file) =>
    {
        foreach (bool synchronous in new[] { true, false })
        {
            var site = new Site(test, file.GetProperty("bodies"), make, synchronous);
            foreach (JsonElement step in test.GetProperty("steps").EnumerateArray())
            {
                site.Take(step);
            }
        }
    });

    /// <summary>A site with its endpoint, its function and its store.</summary>
    private sealed class Site
    {
        private readonly Stack<Request> _requests = new();
        private readonly HashSet<string> _stored = [];
        private readonly JsonElement _bodies;
        private readonly DeliverySteps? _steps;
        private readonly PushEndpoint _endpoint;
        private readonly bool _synchronous;

        internal Site(
            JsonElement test, JsonElement bodies, Func<string, TimeSpan?, IDeliveryStore> make, bool synchronous)
        {
            _bodies = bodies;
            _synchronous = synchronous;
            string folder = Repository.NewFolder();
            var options = new PushEndpointOptions
            {
                Push = Vectors.PushOptionsOf(test),
                Folder = Directory.CreateDirectory(Path.Combine(folder, "received")).FullName,
            };
            if (!test.TryGetProperty("without_store", out _))
            {
                IDeliveryStore store = make(folder, null);
                _steps = new DeliverySteps(store, folder, KeyOf("signed")!);
                options.DeliveryStore = new FailingStore(store, _requests.Peek);
            }

            _endpoint = new PushEndpoint((_, _) => RunFunction(_requests.Peek()), options);
        }

        internal void Take(JsonElement step)
        {
            if (step.TryGetProperty("push", out JsonElement body))
            {
                Push(step, body.GetString()!);
            }
            else
            {
                _steps!.Take(step);
            }
        }

        private void Push(JsonElement step, string body)
        {
            var request = new Request(step, body);
            string method = step.TryGetProperty("method", out JsonElement given) ? given.GetString()! : "POST";
            byte[] bytes = Vectors.Body(_bodies.GetProperty(body).GetProperty("text"));
            using Stream stream = step.TryGetProperty("breaks_after", out JsonElement limit)
                ? new Breaking(bytes, limit.GetInt32())
                : Pushes.Stream(bytes);
            _requests.Push(request);
            PushAnswer answer = _synchronous
                ? _endpoint.Handle(method, stream)
                : _endpoint.HandleAsync(method, stream).GetAwaiter().GetResult();
            _requests.Pop();
            Compare(request, answer);
        }

        private void Compare(Request request, PushAnswer answer)
        {
            JsonElement expected = request.Step.GetProperty("expect");
            string because = request.Step.GetRawText();
            Assert.That(answer.ContentType, Does.StartWith("text/plain"), because);
            foreach (JsonProperty field in expected.EnumerateObject())
            {
                object? found = field.Name switch
                {
                    "status" => answer.StatusCode,
                    "body" => answer.Body,
                    "headers" => Text(answer.Headers),
                    "calls" => request.Calls,
                    "stored" => _stored.Contains(request.Body),
                    "claim" => _steps!.StateOf(KeyOf(request.Body)!),
                    _ => throw new AssertionException($"unknown field {field.Name}"),
                };
                object? value = field.Value.ValueKind switch
                {
                    JsonValueKind.Number => field.Value.GetInt32(),
                    JsonValueKind.True or JsonValueKind.False => field.Value.GetBoolean(),
                    JsonValueKind.Object => Text(field.Value.EnumerateObject()
                        .ToDictionary(static header => header.Name, static header => header.Value.GetString()!)),
                    _ => field.Value.GetString(),
                };
                Assert.That(found, Is.EqualTo(value), $"{field.Name} of {because}");
            }

            Assert.That(answer.Headers.Any(), Is.EqualTo(expected.TryGetProperty("headers", out _)), because);
            Assert.That(answer.Acknowledged, Is.EqualTo(answer.StatusCode == 200), because);
        }

        private async Task RunFunction(Request request)
        {
            request.Calls++;
            await Task.Yield();
            JsonElement[] acts = request.Step.TryGetProperty("function", out JsonElement function)
                ? [.. function.EnumerateArray()]
                : [];
            foreach (JsonElement act in acts)
            {
                Act(request, act);
            }

            if (acts.Length == 0)
            {
                _stored.Add(request.Body);
            }
        }

        private void Act(Request request, JsonElement act)
        {
            if (act.ValueKind == JsonValueKind.Object)
            {
                Take(act);
            }
            else if (act.GetString() == "store")
            {
                _stored.Add(request.Body);
            }
            else
            {
                throw new IOException("as the case wants it");
            }
        }

        private string? KeyOf(string body) => _bodies.GetProperty(body).GetProperty("delivery_key").GetString();

        private static string Text(IEnumerable<KeyValuePair<string, string>> headers) =>
            string.Join("\n", headers.Select(static header => $"{header.Key}: {header.Value}"));
    }

    /// <summary>One push that comes in.</summary>
    private sealed class Request(JsonElement step, string body)
    {
        internal JsonElement Step => step;

        internal string Body => body;

        internal int Calls { get; set; }

        /// <summary>Throws where the case wants this step of the store to.</summary>
        internal void ThrowIf(string store, string when)
        {
            if (step.TryGetProperty("store_throws", out JsonElement throws)
                && throws.TryGetProperty(store, out JsonElement given) && given.GetString() == when)
            {
                throw new IOException($"{store} throws {when}");
            }
        }
    }

    /// <summary>A store whose steps throw before or after they have taken effect, as the request wants it.</summary>
    private sealed class FailingStore(IDeliveryStore store, Func<Request> current) : IDeliveryStore
    {
        public Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken) =>
            TakeAsync("claim", () => store.ClaimAsync(key, owner, cancellationToken));

        public Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken) =>
            TakeAsync("complete", () => store.CompleteAsync(key, owner, cancellationToken));

        public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken) =>
            TakeAsync("release", async () =>
            {
                await store.ReleaseAsync(key, owner, cancellationToken);
                return true;
            });

        private async Task<T> TakeAsync<T>(string name, Func<Task<T>> step)
        {
            Request request = current();
            request.ThrowIf(name, "before");
            T result = await step();
            request.ThrowIf(name, "after");
            return result;
        }
    }

    /// <summary>A body whose reading fails after so many bytes.</summary>
    private sealed class Breaking(byte[] content, int limit) : MemoryStream(content, 0, limit, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, count) is > 0 and int read ? read : throw new IOException("the connection broke");

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer, offset, count));
    }
}
