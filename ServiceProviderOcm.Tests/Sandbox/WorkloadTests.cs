using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>Manifests of workloads are held to what they may say; nothing runs.</summary>
[TestFixture(ServerUnderTest.OfTheRun, Category = "RealServer")]
[TestFixture(ServerUnderTest.Sandbox)]
public sealed class WorkloadTests(ServerUnderTest server) : ApiServerTests(server)
{
    private string Deployments => $"{In("apps/v1")}/deployments";

    [Test]
    public async Task A_Deployment_gets_its_defaults()
    {
        var made = (await Raw.PostAsync(Deployments, Workloads.Deployment)).Body;

        var pod = made.At("spec", "template", "spec")!.Value;
        var containers = pod.Items("containers").ToList();
        Assert.That(
            (made.Number("spec", "replicas"), made.Text("spec", "strategy", "type"), made.Text("spec", "strategy", "rollingUpdate", "maxSurge")),
            Is.EqualTo((1, "RollingUpdate", "25%")));
        Assert.That((made.Number("spec", "revisionHistoryLimit"), made.Number("spec", "progressDeadlineSeconds")), Is.EqualTo((10, 600)));
        Assert.That(
            (pod.Text("restartPolicy"), pod.Text("dnsPolicy"), pod.Number("terminationGracePeriodSeconds")),
            Is.EqualTo(("Always", "ClusterFirst", 30)));
        Assert.That(containers.Select(container => container.Text("imagePullPolicy")), Is.EqualTo(["IfNotPresent", "Always"]));
        Assert.That(made.At("status")?.GetRawText(), Is.EqualTo("{}"));
    }

    [TestCase("\"name\": \"one\", ", "", "spec.template.spec.containers[0].name")]
    [TestCase("\"image\": \"one:1\", ", "", "spec.template.spec.containers[0].image")]
    [TestCase("\"labels\": { \"app\": \"d\" }", "\"labels\": { \"app\": \"other\" }", "spec.template.metadata.labels")]
    [TestCase("\"selector\":", "\"replicas\": -1, \"selector\":", "spec.replicas")]
    [TestCase("\"containers\":", "\"restartPolicy\": \"Never\", \"containers\":", "spec.template.spec.restartPolicy")]
    [TestCase("\"args\":", "\"imagePullPolicy\": \"Sometimes\", \"args\":", "spec.template.spec.containers[0].imagePullPolicy")]
    [TestCase("\"args\":", "\"volumeMounts\": [{ \"name\": \"v\", \"mountPath\": \"/v\" }], \"args\":",
        "spec.template.spec.containers[0].volumeMounts[0].name")]
    [TestCase("\"name\": \"two\"", "\"name\": \"one\"", "spec.template.spec.containers[1]")]
    public async Task A_Deployment_that_makes_no_sense_is_refused(string what, string instead, string field)
    {
        var answer = await Raw.PostAsync(Deployments, Workloads.DeploymentWith(what, instead));

        Assert.That(answer.Refusal, Is.EqualTo((422, "Invalid")), answer.Message);
        Assert.That(answer.Fields, Has.Some.StartsWith(field));
    }

    [TestCase("\"args\": [\"x\"]", "\"args\": \"x\"")]
    [TestCase("\"image\": \"two\"", "\"image\": 2")]
    [TestCase("\"selector\":", "\"replicas\": \"two\", \"selector\":")]
    public async Task A_Deployment_of_wrong_types_cannot_be_read(string what, string instead)
    {
        var answer = await Raw.PostAsync(Deployments, Workloads.DeploymentWith(what, instead));

        Assert.That(answer.Refusal, Is.EqualTo((400, "BadRequest")));
        Assert.That(answer.Message, Does.StartWith("Deployment in version \"v1\" cannot be handled as a Deployment: "));
    }

    [Test]
    public async Task A_field_that_does_not_exist_is_dropped_from_what_is_created_and_refused_in_what_is_applied()
    {
        var manifest = Workloads.DeploymentWith("\"args\":", "\"arguments\": [], \"args\":");

        var made = await Raw.PostAsync(Deployments, manifest);
        var applied = await Raw.PatchAsync($"{Deployments}/d?fieldManager=test", manifest, RawApi.Apply);

        Assert.That(made.Body.Items("spec", "template", "spec", "containers").First().At("arguments"), Is.Null);
        Assert.That(applied.Refusal, Is.EqualTo((500, "")));
        Assert.That(applied.Message, Does.Contain("arguments: field not declared in schema"));
    }

    [Test]
    public async Task A_selector_is_immutable()
    {
        await Raw.PostAsync(Deployments, Workloads.Deployment);

        var answer = await Raw.PatchAsync(
            $"{Deployments}/d",
            """{"spec":{"selector":{"matchLabels":{"app":"e"}},"template":{"metadata":{"labels":{"app":"e"}}}}}""",
            RawApi.Merge);

        Assert.That(answer.Refusal, Is.EqualTo((422, "Invalid")));
        Assert.That(answer.Message, Does.Contain("field is immutable"));
    }

    [Test]
    public async Task A_Deployment_is_scaled()
    {
        await Raw.PostAsync(Deployments, Workloads.Deployment);

        var scale = await Raw.GetAsync($"{Deployments}/d/scale");
        var patched = await Raw.PatchAsync($"{Deployments}/d/scale", """{"spec":{"replicas":3}}""", RawApi.Merge);
        var wrong = await Raw.PatchAsync($"{Deployments}/d/scale", """{"spec":{"replicas":-1}}""", RawApi.Merge);
        var deployment = await Raw.GetAsync($"{Deployments}/d");

        Assert.That(
            (scale.Body.Text("kind"), scale.Body.Number("spec", "replicas"), scale.Body.Text("status", "selector")),
            Is.EqualTo(("Scale", 1, "app=d")));
        Assert.That(patched.Body.Number("spec", "replicas"), Is.EqualTo(3));
        Assert.That(wrong.Refusal, Is.EqualTo((422, "Invalid")));
        Assert.That((deployment.Body.Number("spec", "replicas"), deployment.Body.Number("metadata", "generation")), Is.EqualTo((3, 2)));
    }

    [Test]
    public async Task The_status_of_a_Deployment_is_written_apart()
    {
        await Raw.PostAsync(Deployments, Workloads.Deployment);

        var reported = await Raw.PatchAsync(
            $"{Deployments}/d/status", """{"spec":{"replicas":7},"status":{"replicas":1,"readyReplicas":1}}""", RawApi.Merge);

        Assert.That(
            (reported.Body.Number("spec", "replicas"), reported.Body.Number("status", "readyReplicas"), reported.Body.Number("metadata", "generation")),
            Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task A_Service_gets_an_address_that_stays()
    {
        var made = (await Raw.PostAsync(
            $"{Core}/services", """{"metadata":{"name":"s"},"spec":{"selector":{"app":"d"},"ports":[{"port":80}]}}""")).Body;
        var moved = await Raw.PatchAsync($"{Core}/services/s", """{"spec":{"clusterIP":"10.0.0.77","clusterIPs":["10.0.0.77"]}}""", RawApi.Merge);
        var empty = await Raw.PostAsync($"{Core}/services", """{"metadata":{"name":"t"},"spec":{"ports":[]}}""");

        Assert.That(made.Text("spec", "clusterIP"), Does.StartWith("10.0.0."));
        Assert.That(
            made.Items("spec", "ports").Select(port => (port.Text("protocol"), port.Number("targetPort"))),
            Is.EqualTo(new[] { ("TCP", (long?)80) }));
        Assert.That(moved.Refusal, Is.EqualTo((422, "Invalid")));
        Assert.That(empty.Fields, Is.EqualTo(["spec.ports"]));
    }

    [Test]
    public async Task A_Pod_stays_pending_and_can_hardly_be_changed()
    {
        var made = await Raw.PostAsync($"{Core}/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");

        var image = await Raw.PatchAsync($"{Core}/pods/p", """{"spec":{"containers":[{"name":"c","image":"j"}]}}""", RawApi.Strategic);
        var command = await Raw.PatchAsync($"{Core}/pods/p", """{"spec":{"containers":[{"name":"c","command":["x"]}]}}""", RawApi.Strategic);

        Assert.That(made.Body.Text("status", "phase"), Is.EqualTo("Pending"));
        Assert.That((image.Code, command.Code), Is.EqualTo((200, 422)));
    }
}
