using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Setup.Groups;

/// <summary>What a start reads of the OCMs of a group that is not served: tenants decide how large they are.</summary>
public sealed class OtherGroupTests
{
    [TestCase(ProviderApi.DefaultGroup, ProviderApi.RenamedGroup)]
    [TestCase(ProviderApi.RenamedGroup, ProviderApi.DefaultGroup)]
    public void Nothing_but_its_marks_is_kept_of_an_OCM(string served, string group)
    {
        var other = new ProviderApi(group);
        var reader = new ObjectReader(ClientOptions.Default.For(new ProviderApi(served)));
        var large = new string('x', 240_000);

        var ocm = reader.Read(other.Ocm, Encoding.UTF8.GetBytes($$"""
            { "metadata": {
                "namespace": "n", "name": "a", "finalizers": ["example.com/{{large}}"], "labels": { "example.com/a": "{{large}}" },
                "annotations": {
                  "example.com/notes": "{{large}}",
                  "{{Operation.Annotation}}": "ignore",
                  "{{ObjectNames.MigrationAnnotation(other)}}": "{{MigrationMarks.MovesTo(new ProviderApi(served))}}" } },
              "spec": { "version": "{{large}}" }, "status": { "phase": "{{large}}" } }
            """));

        Assert.That((ocm.Size < 4096, MigrationMarks.IsMoving(ocm, other)), Is.EqualTo((true, true)));
    }
}
