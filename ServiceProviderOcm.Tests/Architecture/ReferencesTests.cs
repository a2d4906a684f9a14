using NUnit.Framework;
using ServiceProviderOcm.Tests.Architecture.Samples;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Architecture;

[TestFixture]
public sealed class ReferencesTests
{
    private const string Folder = "Tests/Architecture/Samples";

    [Test]
    public void Compiled_references_of_every_form_are_found_and_belong_to_the_top_level_type()
    {
        var used = CompiledReferences.Of(typeof(User).Assembly.Location)
            .Where(use => use.User == new SourceType(Folder, nameof(User)) && use.Used.Folder == Folder)
            .Select(use => use.Used.Name);

        Assert.That(used, Is.EquivalentTo(new[]
        {
            nameof(UsedAsBase), nameof(IUsedAsInterface), nameof(UsedAsArgument), nameof(UsedAttribute), nameof(UsedInAttribute),
            nameof(UsedAsField), nameof(UsedAsConstraint), nameof(UsedInSignature), nameof(UsedInBody), nameof(UsedInLambda),
            nameof(UsedInAsync), nameof(UsedInIterator), nameof(UsedExtensions), nameof(UsedInNestedType),
        }));
    }

    [Test]
    public void Constants_enum_members_and_nameof_are_found_in_the_sources()
    {
        var file = SourceFile.Of(RepositoryRoot.Find(), "Tests").Single(file => file.Path == $"{Folder}/User.cs");

        Assert.That(
            new InlinedReferences([typeof(User).Assembly.Location]).In(file).Select(use => use.Used.Name),
            Is.EquivalentTo(new[] { nameof(UsedConstants), nameof(UsedLevel), nameof(UsedByName) }));
    }

    [TestCase("_ = UsedConstants.Answer;", ExpectedResult = 0, Description = "the namespace is not visible")]
    [TestCase("using ServiceProviderOcm.Tests.Architecture.Samples;\n// UsedConstants.Answer", ExpectedResult = 0)]
    [TestCase("using ServiceProviderOcm.Tests.Architecture.Samples;\n_ = UsedConstants.Answer;", ExpectedResult = 1)]
    [TestCase("using static ServiceProviderOcm.Tests.Architecture.Samples.UsedConstants;", ExpectedResult = 1)]
    [TestCase("using Other = ServiceProviderOcm.Tests.Architecture.Samples.UsedConstants;", ExpectedResult = 1)]
    public int Constants_are_found_in_code_that_can_see_them(string text) =>
        new InlinedReferences([typeof(User).Assembly.Location])
            .In(SourceFile.Parse("Core/Model/Other.cs", $"{text}\n\nnamespace ServiceProviderOcm.Core.Model;\n"))
            .Count();
}
