using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>Copies without labels are adopted, whatever fails meanwhile.</summary>
public sealed class CopyAdoptionTests
{
    private const int Failures = 15;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Copies_are_adopted_after_a_long_outage() =>
        await AdoptAfterAsync(new KubernetesApiException(503, "ServiceUnavailable", "no answer"));

    [Test]
    public async Task Copies_are_adopted_after_unexpected_errors() => await AdoptAfterAsync(new InvalidOperationException("a bug"));

    private static async Task AdoptAfterAsync(Exception error)
    {
        var platform = new ScriptedCluster("platform cluster")
        {
            OnPatch = (_, _, body, _) => Task.FromResult(new KubeObject(body)),
        };
        platform.Has(Kinds.Secret, new KubeObject(
            KubeObject.From(new JsonObject
            {
                ["metadata"] = new JsonObject { ["namespace"] = An.Tenant, ["name"] = ObjectNames.SecretCopy("registry"), ["uid"] = "u" },
            }).Json,
            FieldOwnership.None with { IsWrittenByProvider = true }));
        var lists = 0;
        platform.OnList = () =>
        {
            if (Interlocked.Increment(ref lists) <= Failures)
            {
                throw error;
            }
        };
        var time = new FakeTimeProvider();
        var adoption = new CopyAdoption(
            An.Identity, platform, _ => An.Observation().Ocm!.Key, () => true, _ => false, time, NullLogger<CopyAdoption>.Instance);

        var running = adoption.RunAsync(default);
        await Eventually.Async(
            () =>
            {
                time.Advance(LongestDelay);
                return running.IsCompleted;
            },
            "the copies are adopted");

        Assert.That(lists, Is.EqualTo(Failures + 1));
        Assert.That(platform.Writes, Is.EqualTo(["patch Secret"]));
    }
}
