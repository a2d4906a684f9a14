using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>
/// Both controllers of Flux, each at its own pace: every write of theirs is one patch, conditions before the rest of the status. The OCM
/// must not be Ready at any moment at which the chart that it asks for is not deployed.
/// </summary>
public sealed class FluxInterleavingTests
{
    private enum Actor
    {
        SourceController,
        HelmController,
        Provider,
    }

    private enum Digests
    {
        InHistory,
        InVersionOnly,
        NotTracked,
    }

    [Test]
    public void No_interleaving_of_the_status_writes_of_Flux_is_a_premature_Ready()
    {
        var runs =
            from actors in Gen.Elements(Enum.GetValues<Actor>()).ArrayOf(60)
            from digests in Gen.Elements(Enum.GetValues<Digests>())
            from changesValues in Gen.Elements(true, false)
            from isPinned in Gen.Elements(true, false)
            select (actors, digests, changesValues, isPinned);

        Prop.ForAll(runs.ToArbitrary(), run => Never(new Run(run.digests, run.changesValues, run.isPinned), run.actors)).Check(
            Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Test]
    public void Ready_is_reached_once_both_controllers_are_done([Values] bool changesValues, [Values] bool isPinned)
    {
        foreach (var digests in Enum.GetValues<Digests>())
        {
            var run = new Run(digests, changesValues, isPinned);

            for (var round = 0; round < 40; round++)
            {
                run.Act((Actor)(round % 3));
            }

            Assert.That((run.State, run.IsDeployed), Is.EqualTo((OcmState.Ready, true)), $"{digests}");
        }
    }

    private static bool Never(Run run, Actor[] actors)
    {
        foreach (var actor in actors)
        {
            run.Act(actor);
            if (run.State == OcmState.Ready && !run.IsDeployed)
            {
                return false;
            }
        }

        return true;
    }

    // As long as its provider has written both objects and Flux has noticed nothing.
    [Test]
    public void A_pinned_chart_that_is_pulled_and_not_noticed_yet_is_not_Ready()
    {
        foreach (var digests in Enum.GetValues<Digests>())
        {
            var run = new Run(digests, changesValues: false, isPinned: true);

            run.Act(Actor.Provider);
            for (var write = 0; write < 3; write++)
            {
                run.Act(Actor.SourceController);
            }

            Assert.That(run.State, Is.EqualTo(OcmState.Upgrading), $"{digests}");
        }
    }

    /// <summary>An upgrade from 0.3.0 to 0.4.0, with new values or without, by tag or by pinned digest. Each act is one write.</summary>
    private sealed class Run
    {
        private readonly Digests _digests;
        private readonly Queue<Action> _sourceWrites = new();
        private readonly Queue<Action> _releaseWrites = new();
        private Observation _now;
        private (string Tag, long Generation) _deployed;

        public Run(Digests digests, bool changesValues, bool isPinned)
        {
            _digests = digests;
            _now = An.Observation().WithConfig(ConfigOf(isPinned, "{}")).WithOcm("""{ "spec": { "version": "0.3.0" } }""").Complete();
            var revision = isPinned ? DigestOf("0.3.0") : $"0.3.0@{DigestOf("0.3.0")}";
            Source = Source.Patched($$"""{ "status": { "artifact": { "revision": "{{revision}}" } } }""");
            while (_deployed.Tag != "0.3.0" || _releaseWrites.Count > 0)
            {
                Act(Actor.SourceController);
                Act(Actor.HelmController);
            }

            _now = _now.WithOcm("""{ "spec": { "version": "0.4.0" } }""");
            _now = changesValues ? _now.WithConfig(ConfigOf(isPinned, """{ "new": 1 }""")) : _now;
            WantsValues = changesValues;
        }

        /// <summary>What the OCM would report.</summary>
        public OcmState State => Planner.Plan(_now) is { Steps: [] } plan ? plan.Status.State : OcmState.Starting;

        /// <summary>Whether the chart and values that the OCM asks for are deployed.</summary>
        public bool IsDeployed => _deployed.Tag == "0.4.0" && (!WantsValues || _deployed.Generation > 1);

        private bool WantsValues { get; }

        private KubeObject Source
        {
            get => _now.OciRepository!;
            set => _now = _now with { OciRepository = value };
        }

        private KubeObject Release
        {
            get => _now.HelmRelease!;
            set => _now = _now with { HelmRelease = value };
        }

        public void Act(Actor actor)
        {
            if (actor == Actor.Provider)
            {
                Provide();
                return;
            }

            var writes = actor == Actor.SourceController ? _sourceWrites : _releaseWrites;
            if (writes.Count == 0)
            {
                if (actor == Actor.SourceController)
                {
                    Pull();
                }
                else
                {
                    Install();
                }
            }

            if (writes.TryDequeue(out var write))
            {
                write();
            }
        }

        private static string DigestOf(string tag) => $"sha256:{(tag == "0.3.0" ? new string('a', 64) : new string('b', 64))}";

        private static string ConfigOf(bool isPinned, string values) => isPinned
            ? $$"""{ "versions": [{{EntryOf("0.3.0", values)}}, {{EntryOf("0.4.0", values)}}] }"""
            : $$"""{ "values": {{values}} }""";

        private static string EntryOf(string tag, string values) =>
            $$"""{ "version": "{{tag}}", "chartVersion": "{{tag}}", "chartDigest": "{{DigestOf(tag)}}", "helmValues": {{values}} }""";

        private void Provide()
        {
            var plan = Planner.Plan(_now);
            foreach (var step in plan.Steps.OfType<ApplyStep>().Where(step => step.Kind.Kind is "OCIRepository" or "HelmRelease"))
            {
                var before = step.Kind.Kind == "OCIRepository" ? Source : Release;
                var after = new KubeObject(
                    before.Patched(new JsonObject
                    {
                        ["metadata"] = new JsonObject { ["generation"] = before.Generation + 1 },
                        ["spec"] = JsonNode.Parse(step.Manifest.Json.GetProperty("spec").GetRawText()),
                    }).Json,
                    new FieldOwnership(Json.Leaves(step.Manifest.Json), []));
                _ = step.Kind.Kind == "OCIRepository" ? Source = after : Release = after;
            }

            _now = _now with { Wait = new ObservedWait(plan.Status.AwaitedState, _now.Now, plan.HoldsRelease) };
        }

        private void Pull()
        {
            var (generation, tag) = (Source.Generation, Source.Json.Text("spec", "ref", "tag")!);
            if (Source.Json.Number("status", "observedGeneration") == generation && IsReady(Source))
            {
                return;
            }

            _sourceWrites.Enqueue(() => Source = WithReady(Source, "Unknown", "Progressing", generation));
            _sourceWrites.Enqueue(() => Source = WithReady(Source, "True", "Succeeded", generation));
            var revision = Source.Json.Text("spec", "ref", "digest") ?? $"{tag}@{DigestOf(tag)}";
            _sourceWrites.Enqueue(() => Source = Source.Patched(
                $$"""{ "status": { "observedGeneration": {{generation}}, "artifact": { "revision": "{{revision}}" } } }"""));
        }

        private void Install()
        {
            var generation = Release.Generation;
            var tag = Array.Find(["0.3.0", "0.4.0"], tag => DigestOf(tag) == ChartArtifact.Of(Source).Digest);
            if (Source.Json.Number("status", "observedGeneration") != Source.Generation || tag is null)
            {
                _releaseWrites.Enqueue(() => Release = WithReady(Release, "False", "SourceNotReady", generation));
                return;
            }

            if (_deployed == (tag, generation))
            {
                _releaseWrites.Enqueue(() => Release = WithReady(Release, "True", "UpgradeSucceeded", generation));
                _releaseWrites.Enqueue(() => Release = Release.Patched($$"""{ "status": { "observedGeneration": {{generation}} } }"""));
                return;
            }

            _releaseWrites.Enqueue(() => Release = WithReady(Release, "Unknown", "Progressing", generation));
            _releaseWrites.Enqueue(() => Release = Release.Patched(Attempt(tag)));
            _releaseWrites.Enqueue(() => _deployed = (tag, generation));
            _releaseWrites.Enqueue(() => Release = WithReady(Release, "True", "UpgradeSucceeded", generation));
            _releaseWrites.Enqueue(() => Release = Release.Patched(
                $$"""{ "status": { "observedGeneration": {{generation}}, "history": [{{Snapshot(tag)}}] } }"""));
        }

        // Without digest tracking, helm-controller writes the digest all the same.
        private string Attempt(string tag) => _digests == Digests.InVersionOnly
            ? "{}"
            : $$"""{ "status": { "lastAttemptedRevisionDigest": "{{DigestOf(tag)}}" } }""";

        private string Snapshot(string tag)
        {
            var suffix = $"+{DigestOf(tag)["sha256:".Length..][..12]}";
            return _digests switch
            {
                Digests.InHistory =>
                    $$"""{ "status": "deployed", "chartVersion": "{{tag}}{{suffix}}", "ociDigest": "{{DigestOf(tag)}}" }""",
                Digests.InVersionOnly => $$"""{ "status": "deployed", "chartVersion": "{{tag}}{{suffix}}" }""",
                _ => $$"""{ "status": "deployed", "chartVersion": "{{tag}}" }""",
            };
        }

        private static bool IsReady(KubeObject fluxObject) =>
            fluxObject.ReadyCondition is var ready
            && ready.Text("status") == "True"
            && ready.Number("observedGeneration") == fluxObject.Generation;

        private static KubeObject WithReady(KubeObject fluxObject, string status, string reason, long generation) => fluxObject.Patched(
            $$"""
            {
              "status": {
                "conditions": [
                  { "type": "Ready", "status": "{{status}}", "reason": "{{reason}}", "message": "m", "observedGeneration": {{generation}} }
                ]
              }
            }
            """);
    }
}
