using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Plan;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>Whatever other systems write into the objects that are read: condition, resources and Event of every state are harmless.</summary>
public sealed class StateMessageTests
{
    private static readonly Observation[] Observations = [.. StateTests.Observations, .. MoreStates()];

    private static readonly TestCaseData[] States =
    [
        .. Observations.Select((observation, index) =>
            new TestCaseData(observation).SetArgDisplayNames($"{Planner.Plan(observation).Status.State} ({index})")),
    ];

    private static readonly TestCaseData[] Specs =
    [
        .. HostileSpecs().Select((spec, index) =>
            new TestCaseData(spec).SetArgDisplayNames($"{index}: {ForeignText.Quote(spec)[..Math.Min(60, ForeignText.Quote(spec).Length)]}")),
    ];

    private static string[] HostileSpecs() =>
    [
        $$"""{ "chartURL": {{HostileText.Quoted(HostileText.Controls)}} }""",
        """{ "chartURL": "https://robot:pa55-w0rd<1>@ghcr.io/org/chart" }""",
        """{ "chartURL": "robot:pa55-w0rd<1>@ghcr.io/org/chart" }""",
        """{ "chartURL": "oci:/robot:pa55-w0rd<1>@ghcr.io/org/chart" }""",
        """{ "chartURL": "oci://ghcr.io/org/chart?token=identity-token-4711" }""",
        """{ "chartURL": "oci://ghcr.io/org/chart#identity-token-4711" }""",
        $$"""{ "imagePullSecret": { "name": {{HostileText.Quoted(HostileText.Controls)}} } }""",
        $$"""{ "caBundleRef": { "name": "roots", "key": {{HostileText.Quoted(HostileText.Controls)}} } }""",
        $$"""{ "versions": [{ "version": "0.4.0", "chartVersion": {{HostileText.Quoted(HostileText.Controls)}} }] }""",
        """{ "versions": [{ "version": "0.4.0", "chartVersion": "https://robot:pa55-w0rd<1>@ghcr.io/x" }] }""",
        $$"""{ "versions": [{ "version": {{HostileText.Quoted(HostileText.Controls)}}, "chartVersion": "1" }] }""",
    ];

    [TestCaseSource(nameof(States))]
    public void Text_of_Flux_and_the_platform_is_harmless_in_every_state(Observation observation)
    {
        var hostile = Poisoned(observation);

        var status = Planner.Plan(hostile).Status;

        Assert.That(status.State, Is.EqualTo(Planner.Plan(observation).Status.State));
        AssertHarmless(hostile, status);
    }

    [Test]
    public void The_hostile_text_gets_into_the_messages_of_many_states()
    {
        var quoting = Observations.Select(observation => Planner.Plan(Poisoned(observation)).Status)
            .Where(status => status.Message.Contains(HostileText.Marker, StringComparison.Ordinal))
            .Select(status => status.State)
            .Distinct();

        Assert.That(quoting, Is.SupersetOf(
        [
            OcmState.AccessRequestForeign,
            OcmState.AwaitingAccess,
            OcmState.AccessOverdue,
            OcmState.AccessDenied,
            OcmState.PullFailed,
            OcmState.PullingChart,
            OcmState.Installing,
            OcmState.InstallFailed,
            OcmState.UpgradeFailed,
            OcmState.Upgrading,
            OcmState.UninstallFailed,
            OcmState.ImagePullSecretWrongType,
        ]));
    }

    [TestCaseSource(nameof(Specs))]
    public void Values_of_the_ProviderConfig_are_harmless(string spec)
    {
        var observation = An.Observation().WithConfig(spec);
        observation = observation with { CaBundle = CaBundle.Read(An.Identity, observation.Config, configMap: null) };

        var status = Planner.Plan(observation).Status;

        Assert.That(status.Health, Is.EqualTo(Health.Degraded));
        foreach (var issue in observation.Config.Errors.Concat(observation.Config.Warnings))
        {
            HostileText.AssertHarmless(issue.ToString());
        }

        AssertHarmless(observation, status);
    }

    [TestCase("not a tag\u202e\u001b[31m")]
    [TestCase("a\nb")]
    public void The_version_of_an_OCM_is_harmless(string version)
    {
        var observation = An.Observation().WithOcm($$"""{ "spec": { "version": {{HostileText.Quoted(version)}} } }""");

        AssertHarmless(observation, Planner.Plan(observation).Status);
        observation = observation.WithConfig("""{ "versions": [{ "version": "1", "chartVersion": "1.0.0" }] }""");
        AssertHarmless(observation, Planner.Plan(observation).Status);
    }

    [Test]
    public void A_failed_write_to_the_platform_is_quoted_without_values_of_Secrets()
    {
        var secrets = HeldSecrets.Of([HostileText.PullSecret, HostileText.KubeconfigSecret]);
        var message = secrets.Redact(ForeignText.Quote(HostileText.Text));
        var error = new KubernetesApiException(422, "Invalid", message);
        var step = new PatchStep(TargetCluster.Platform, An.Identity.Api.Ocm, An.Ocm(), An.Ocm().Json);

        AssertHarmless(An.Observation(), ClusterErrors.OfStep(step, error));
    }

    private static IEnumerable<Observation> MoreStates()
    {
        var complete = An.Observation().Complete();
        yield return complete with { OciRepository = complete.OciRepository!.FluxReports("Unknown", "pulling") };
        yield return complete with { HelmRelease = complete.HelmRelease!.FluxReports("Unknown", "upgrading") };
        yield return complete with
        {
            HelmRelease = complete.HelmRelease!.Patched("""{ "status": null }""").FluxReports("Unknown", "installing"),
        };
        yield return (complete with { HelmRelease = complete.HelmRelease!.FluxReports("False", "not on offer") })
            .WithConfig("""{ "versions": [{ "version": "1", "chartVersion": "1.0.0" }] }""");
    }

    private static Observation Poisoned(Observation observation) => observation with
    {
        SourceSecrets = observation.SourceSecrets.Values.Select(WithHostileType).Append(HostileText.PullSecret)
            .ToDictionary(secret => secret.Name, StringComparer.Ordinal),
        Kubeconfig = HostileText.KubeconfigSecret,
        AccessRequest = observation.AccessRequest is { } access ? WithHostileConditions(WithHostileManager(access)) : null,
        ClusterRequest = observation.ClusterRequest is { } cluster ? WithHostileConditions(cluster) : null,
        OciRepository = observation.OciRepository is { } source ? WithHostileConditions(source) : null,
        HelmRelease = observation.HelmRelease is { } release ? WithHostileConditions(release) : null,
    };

    // The type that the state is about; the usual ones stay.
    private static KubeObject WithHostileType(KubeObject secret) =>
        secret.Json.Text("type") == "kubernetes.io/basic-auth" ? secret.Patched($$"""{ "type": {{HostileText.Quoted(HostileText.Controls)}} }""") : secret;

    private static KubeObject WithHostileManager(KubeObject access) =>
        access.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel) is { } manager && manager != An.Identity.Api.Group
        && !AccessRequests.IsManagedFor(access, An.Identity.Api, An.Ocm().Key)
            ? access.Patched(
                $$"""{ "metadata": { "labels": { "{{ObjectNames.ManagedByLabel}}": {{HostileText.Quoted(HostileText.Text)}} } } }""")
            : access;

    private static KubeObject WithHostileConditions(KubeObject found)
    {
        var json = JsonNode.Parse(found.Json.GetRawText())!.AsObject();
        var status = json["status"] as JsonObject ?? [];
        json["status"] = status.DeepClone();
        status = json["status"]!.AsObject();
        var conditions = status["conditions"]?.DeepClone().AsArray() ?? [];
        foreach (var condition in conditions)
        {
            condition!["message"] = HostileText.Text;
            condition["reason"] = HostileText.Text;
        }

        conditions.Add(new JsonObject { ["type"] = "Other", ["status"] = "False", ["message"] = HostileText.Text });
        status["conditions"] = conditions;
        if (status["artifact"] is JsonObject artifact && artifact["revision"]!.GetValue<string>() == "0.4.0@sha256:new")
        {
            artifact["revision"] = $"0.4.0@{HostileText.Text}";
        }

        return new KubeObject(KubeObject.From(json).Json, found.Ownership);
    }

    private static void AssertHarmless(Observation observation, ReadyStatus status)
    {
        HostileText.AssertHarmless(status.Message);
        AssertNoSecrets(observation, status);
    }

    private static void AssertNoSecrets(Observation observation, ReadyStatus status)
    {
        if (observation.Ocm is null || status.Health == Health.Unreported)
        {
            return;
        }

        var report = StatusReport.Of(observation, status);
        var written = HostileText.StringsOf(report.StatusPatch).ToList();
        written.AddRange(report.Events.SelectMany(@event => HostileText.StringsOf(@event.Json)));

        Assert.That(written, Is.Not.Empty);
        foreach (var text in written)
        {
            HostileText.AssertHarmless(text);
        }
    }
}
