using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Tools.Describe;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Worker.Output;

namespace ServiceProviderOcm.Tests.Tools.Status;

/// <summary>What <c>status</c> writes, for programs and for people.</summary>
public sealed class StatusDocumentTests
{
    private const string Password = "hunter2-hunter2";

    private static readonly KubeObject Ocm = An.Ocm().Patched("""
        {
          "metadata": { "creationTimestamp": "2026-06-01T10:00:00Z" },
          "status": {
            "observedGeneration": 3, "phase": "Progressing", "revision": "6c5ba66b93",
            "conditions": [{ "type": "Ready", "status": "False", "reason": "HelmReleaseFailed", "message": "yes: no\n# \"x\"", "lastTransitionTime": "2026-06-01T11:00:00Z" }]
          }
        }
        """);

    private static readonly KubeObject ProviderConfig = An.ProviderConfig("""{ "chartURL": "registry.example.com/chart" }""").Patched("""
        {
          "metadata": { "generation": 2 },
          "status": {
            "observedGeneration": 2, "currentRevision": "0e1d5a3b5f", "updateRevision": "6c5ba66b93",
            "ocms": { "total": 4, "ready": 3, "updated": 1, "unavailable": 1 },
            "conditions": [{ "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "It has stalled.", "lastTransitionTime": "2026-06-01T11:30:00Z" }]
          }
        }
        """);

    private static RolloutSummary Rollout => RolloutSummary.Of(ProviderConfig, An.Config("{}"), fleet: null) with
    {
        Canaries = new CanaryCounts(2, 1, HavePassed: false),
        Failed = [new FailedOcm(new ObjectKey("project-team", "alpha"), IsCanary: true, "HelmReleaseFailed", "Helm failed.")],
    };

    private static OcmChain Chain => OcmChain.Of(new ChainInputs(
        An.Identity.Api,
        Ocm,
        [
            new ReadObject("onboarding cluster", An.Identity.Api.Ocm, Ocm.Key, Ocm),
            new ReadObject("platform cluster", PlatformKinds.AccessRequest, new ObjectKey("t", "a"), Found: null),
            new ReadObject("platform cluster", Kinds.Secret, new ObjectKey("t", "s"), Secret),
            new ReadObject("platform cluster", PlatformKinds.HelmRelease, new ObjectKey("t", "sp-ocm-k8s-toolkit"), KubeObject.Parse($$"""
                {
                  "kind": "HelmRelease",
                  "metadata": { "name": "sp-ocm-k8s-toolkit", "namespace": "t", "labels": { "ocm.services.openmcp.cloud/revision": "6c5ba66b93" }, "managedFields": [
                    { "manager": "service-provider-ocm", "operation": "Apply", "time": "2026-06-01T10:30:00Z" },
                    { "manager": "helm-{{Password}}", "operation": "Update", "subresource": "status", "time": "2026-06-01T11:00:00Z" },
                    { "manager": "odd", "time": 5 }] },
                  "status": { "conditions": [{ "type": "Ready", "status": "False", "reason": "InstallFailed", "message": "cannot pull with {{Password}}" }] }
                }
                """)),
            new ReadObject("control plane", Kinds.Namespace, ObjectKey.ClusterScoped("ocm-k8s-toolkit-system"), Found: null, "It did not answer."),
        ])
    {
        Secrets = [Secret],
        Rollout = Rollout,
        Events =
        [
            Event("HelmRelease", "sp-ocm-k8s-toolkit", "2026-06-01T11:58:00Z", $"failed with {Password}"),
            Event("HelmRelease", "of-another", "2026-06-01T11:59:00Z", "Not shown."),
        ],
        EventErrors = ["events cannot be read on the onboarding cluster."],
    });

    private static KubeObject Secret => KubeObject.Parse(
        $$"""{ "kind": "Secret", "metadata": { "name": "s", "namespace": "t" }, "data": { "password": "{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Password))}}" } }""");

    [Test]
    public void JSON_and_YAML_have_the_same_content()
    {
        var view = new StatusView(Rollout, [OcmSummary.Of(Ocm), OcmSummary.Of(An.Ocm())]);

        AssertSame(writer => writer.WriteAll(view));
        AssertSame(writer => writer.WriteAll(new StatusView(null, [])));
        AssertSame(writer => writer.WriteAll(Chain));
        AssertSame(writer => writer.WriteChange(Rollout));
        AssertSame(writer => writer.WriteChange(view.Ocms[0]));
    }

    [Test]
    public void JSON_has_the_documented_fields()
    {
        var all = JsonReading.Parse(Written(StatusFormat.Json, writer => writer.WriteAll(new StatusView(Rollout, [OcmSummary.Of(Ocm)]))));
        var chain = JsonReading.Parse(Written(StatusFormat.Json, writer => writer.WriteAll(Chain)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Fields(all), Is.EqualTo("rollout ocms"));
            Assert.That(Fields(all.GetProperty("rollout")), Is.EqualTo(
                "providerConfig state reason message since currentRevision updateRevision ocms maxUnavailable maxFailures canaries failed"));
            Assert.That(Fields(all.GetProperty("rollout").GetProperty("ocms")), Is.EqualTo("total ready updated unavailable"));
            Assert.That(Fields(all.GetProperty("ocms")[0]), Is.EqualTo(
                "namespace name version revision phase ready reason message since created tenantNamespace updated canary failed"));
            Assert.That(Fields(chain), Is.EqualTo("ocm rollout objects events eventErrors nextStep"));
            Assert.That(Fields(chain.GetProperty("objects")[0]), Is.EqualTo(
                "cluster apiVersion kind namespace name presence error phase revision updated created lastChange deleting conditions"));
        }
    }

    [TestCase(StatusFormat.Text)]
    [TestCase(StatusFormat.Wide)]
    [TestCase(StatusFormat.Json)]
    [TestCase(StatusFormat.Yaml)]
    public void No_output_has_the_content_of_Secrets(object format)
    {
        var written = Written((StatusFormat)format, writer => writer.WriteAll(Chain));

        Assert.That(written, Does.Not.Contain(Password).And.Not.Contain(Secret.Json.Text("data", "password")!));
        Assert.That(written, Does.Contain("cannot pull with"));
    }

    [Test]
    public void The_last_change_of_an_object_has_its_manager_and_operation()
    {
        var objects = JsonReading.Parse(Written(StatusFormat.Json, writer => writer.WriteAll(Chain))).Items("objects").ToList();
        var change = objects.Single(each => each.Text("kind") == "HelmRelease").At("lastChange")!.Value;

        Assert.That(change.Text("manager"), Does.StartWith("helm-").And.Not.Contain(Password));
        Assert.That(
            (change.Text("operation"), change.Text("subresource"), change.Text("time")), Is.EqualTo(("Update", "status", "2026-06-01T11:00:00Z")));
        Assert.That(objects[0].GetProperty("lastChange").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(
            Written(StatusFormat.Text, writer => writer.WriteAll(Chain)), Does.Match("HelmRelease .* last change .* ago by helm-.* \\(Update of status\\)"));
    }

    [Test]
    public void Text_has_the_rollout_above_the_table()
    {
        var lines = Written(StatusFormat.Wide, writer => writer.WriteAll(new StatusView(Rollout, [OcmSummary.Of(Ocm)]))).Split('\n');

        Assert.That(string.Join('\n', lines.Take(8)), Is.EqualTo("""
            Rollout:           ocm: Stalled (ProgressDeadlineExceeded), for 30m
            Current Revision:  0e1d5a3b5f
            Update Revision:   6c5ba66b93
            OCMs:              1 of 4 updated, 3 ready, 1 unavailable, 1 failed (max unavailable 25%, max failures 1)
            Canaries:          1 of 2 updated, not passed yet
            Message:           It has stalled.
            Failed:            project-team/alpha (canary): HelmReleaseFailed: Helm failed.

            """));
        Assert.That(lines[8], Does.Match("^NAMESPACE +NAME +VERSION +REVISION +PHASE +SINCE +AGE +UPDATED +CANARY +TENANT NAMESPACE +REASON +MESSAGE$"));
        Assert.That(lines[9], Does.Match("^project-team +alpha +0.4.0 +6c5ba66b93 +Progressing +60m +120m +- +- "));
    }

    [Test]
    public void A_changed_rollout_is_one_line() => Assert.That(
        Written(StatusFormat.Text, writer => writer.WriteChange(Rollout)),
        Is.EqualTo("Rollout ocm: Stalled (ProgressDeadlineExceeded), revision 6c5ba66b93: 1 of 4 updated, 3 ready, 1 unavailable, 1 failed; "
            + "canaries: 1 of 2 updated, not passed yet; failed: project-team/alpha\n"));

    [Test]
    public void One_OCM_is_shown_with_all_its_objects_and_the_next_step()
    {
        var text = Written(StatusFormat.Text, writer => writer.WriteAll(Chain));

        Assert.That(text, Does.Contain("    AccessRequest t/a: does not exist\n")
            .And.Contain("    HelmRelease t/sp-ocm-k8s-toolkit: exists, revision 6c5ba66b93, last change ")
            .And.Contain("      Ready=False  InstallFailed  -  cannot pull with")
            .And.Contain("    Namespace ocm-k8s-toolkit-system: It did not answer.\n")
            .And.Contain("  2m  Warning  Failed  HelmRelease/sp-ocm-k8s-toolkit  failed with")
            .And.Not.Contain("Not shown.")
            .And.Contain("\nNext Step:  Platform operator: check the Helm values"));
    }

    private static void AssertSame(Action<OcmWriter> write)
    {
        var json = JsonReading.Parse(Written(StatusFormat.Json, write));
        var yaml = YamlManifests.Parse(Written(StatusFormat.Yaml, write)).Single();

        Assert.That(JsonElement.DeepEquals(json, yaml.ToElement()), Is.True, () => $"{json}\n{yaml}");
    }

    private static string Written(StatusFormat format, Action<OcmWriter> write)
    {
        using var text = new StringWriter { NewLine = "\n" };
        write(new OcmWriter(text, format, Terminal.Plain, new FakeTimeProvider(An.Now)));
        return text.ToString();
    }

    private static string Fields(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(field => field.Name));

    private static KubeObject Event(string kind, string name, string time, string note) => KubeObject.Parse(
        $$"""{ "regarding": { "kind": "{{kind}}", "namespace": "t", "name": "{{name}}" }, "deprecatedLastTimestamp": "{{time}}", "type": "Warning", "reason": "Failed", "note": "{{note}}" }""");
}
