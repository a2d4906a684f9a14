using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// Each kind of change of a ServiceProvider, one after the other: <c>init</c> succeeds, the old pods end by themselves, and OCMs stay Ready
/// without a write to their objects.
/// </summary>
/// <param name="world">The clusters.</param>
/// <param name="deployment">The provider.</param>
public sealed class OperatorScenario(ProviderWorld world, OperatorDeployment deployment)
{
    private readonly List<ObjectKey> _tenants = [];

    private IEnumerable<OperatorChange> Changes =>
    [
        new("image", """{ "image": "registry.example.com/service-provider-ocm:1.1.0" }"""),
        new("verbosity, in another case", """{ "verbosity": "debug" }""", pod => pod.Output.Any(IsDebug)),
        new(
            "env",
            $$"""
              { "env": [
                { "name": "ServiceProvider__ApiGroup", "value": "{{world.Api.Group}}" },
                { "name": "ServiceProvider__Format", "value": "text" } ] }
              """,
            pod => !pod.Output.Any(IsJson)),
        new("more replicas", """{ "runReplicas": 2 }"""),
        new(
            "commands",
            $$"""
              { "env": [{ "name": "ServiceProvider__Format", "value": "json" }],
                "initCommand": ["init", "--api-group={{world.Api.Group}}"],
                "runCommand": ["run", "--api-group={{world.Api.Group}}"] }
              """,
            pod => pod.Output.All(IsJson)),
        new("fewer replicas", """{ "runReplicas": null }"""),
    ];

    /// <summary>Installs with the defaults of a ServiceProvider, and makes the changes.</summary>
    public async Task RunAsync()
    {
        // A setting that reaches the processes: without it, they would serve another API group.
        var spec = JsonNode.Parse($$"""
            { "image": "registry.example.com/service-provider-ocm:1.0.0",
              "env": [{ "name": "ServiceProvider__ApiGroup", "value": "{{world.Api.Group}}" }] }
            """)!.AsObject();
        Assert.That((await deployment.ApplyAsync(spec)).InitCode, Is.Zero);
        await world.PullSecretAsync();
        await world.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
        });
        _tenants.Add(await world.ReadyTenantAsync());
        foreach (var change in Changes)
        {
            foreach (var (field, value) in JsonNode.Parse(change.Fields)!.AsObject())
            {
                if (value is null)
                {
                    spec.Remove(field);
                }
                else
                {
                    spec[field] = value.DeepClone();
                }
            }

            await MakeAsync(change, spec);
        }
    }

    private async Task MakeAsync(OperatorChange change, JsonObject spec)
    {
        var before = await ServiceProviderAsync();
        var (platform, onboarding, versions) = (world.Platform.AuditLog.Mark(), world.Onboarding.AuditLog.Mark(), await VersionsAsync());

        var update = await deployment.ApplyAsync(spec);

        // Its OCM is enqueued after the others: when it is Ready, they were reconciled.
        var next = await world.ReadyTenantAsync(string.Create(CultureInfo.InvariantCulture, $"mcp-1{_tenants.Count}"));
        var after = await ServiceProviderAsync();
        var pods = deployment.Pods;
        var replicas = after.Json.Number("spec", "runReplicas");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(update.InitCode, Is.Zero, $"{change}: exit code of init");
            Assert.That(update.Ended, Is.Not.Empty.And.All.Zero, $"{change}: exit codes of the pods that were replaced");
            Assert.That(pods.Running, Has.Count.EqualTo(replicas), $"{change}: pods");
            Assert.That(pods.Running.Where(pod => pod.Process.HasExited), Is.Empty, $"{change}: pods that have ended");
            Assert.That(Logged("Acquired Lease") - Logged("Released Lease"), Is.EqualTo(replicas > 1 ? 1 : 0), $"{change}: leaders");
            Assert.That(WritesSince(platform, onboarding), Is.Empty, $"{change}: writes to objects of OCMs that are Ready");
            Assert.That(await VersionsAsync(), Is.EqualTo(versions), $"{change}: versions of definitions and copies");
            Assert.That(after.Generation, Is.EqualTo(before.Generation + 1), $"{change}: init changes no spec, which would start another Job");
            Assert.That(after.Json.Text("status", "phase"), Is.EqualTo("Ready"), $"{change}: the operator's status");
            Assert.That(after.Json.Number("status", "observedGeneration"), Is.EqualTo(after.Generation), $"{change}: the operator's status");
            Assert.That(
                after.Json.Items("status", "resources").Select(resource => resource.Text("group")), Is.EqualTo([world.Api.Group]), $"{change}: kinds");
            Assert.That(pods.All.SelectMany(pod => pod.Process.Errors), Is.Empty, $"{change}: standard error");
            Assert.That(pods.All.SelectMany(pod => pod.Process.Output).Where(IsError), Is.Empty, $"{change}: errors in the log");
            if (change.Effect is { } hasEffect)
            {
                Assert.That(pods.Running.Where(pod => !hasEffect(pod.Process)), Is.Empty, $"{change}: pods without its effect");
            }
        }

        _tenants.Add(next);
    }

    private Task<KubeObject> ServiceProviderAsync() => world.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, deployment.Key, default);

    private int Logged(string text) =>
        deployment.Pods.All.SelectMany(pod => pod.Process.Output).Count(line => line.Contains(text, StringComparison.Ordinal));

    private IEnumerable<AuditEntry> WritesSince(long platform, long onboarding) =>
    [
        .. world.Platform.AuditLog.Since(platform)
            .Where(entry => entry.IsProviderWrite() && _tenants.Exists(tenant => entry.Namespace == ProviderWorld.TenantNamespace(tenant))),
        .. world.Onboarding.AuditLog.Since(onboarding)
            .Where(entry => entry.IsProviderWrite() && _tenants.Exists(tenant => (entry.Namespace, entry.Name) == (tenant.Namespace, tenant.Name))),
    ];

    // Of what init writes, and of the copies on the control plane.
    private async Task<IReadOnlyList<string>> VersionsAsync()
    {
        KubeObject[] written =
        [
            await world.Platform.Api.GetAsync(
                Kinds.CustomResourceDefinition, ObjectKey.ClusterScoped(world.Api.ProviderConfig.QualifiedPlural), default),
            await world.Onboarding.Api.GetAsync(Kinds.CustomResourceDefinition, ObjectKey.ClusterScoped(world.Api.Ocm.QualifiedPlural), default),
            .. (await world.Mcp.Api.ListAllAsync(Kinds.Secret, ObjectNames.ToolkitNamespace))
                .Where(secret => secret.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel) == world.Api.Group),
        ];
        return [.. written.Select(item => $"{item} {item.ResourceVersion}")];
    }

    private static bool IsJson(string line) => line.StartsWith('{');

    private static bool IsDebug(string line) => line.Contains("\"level\":\"debug\"", StringComparison.Ordinal);

    private static bool IsError(string line) => Regex.IsMatch(line, "\"level\":\"error\"|^[0-9:.]+ error ");
}
