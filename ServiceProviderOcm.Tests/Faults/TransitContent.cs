namespace ServiceProviderOcm.Tests.Faults;

/// <summary>The content of an answer, with what is under way of it.</summary>
internal sealed class TransitContent(Stream stream, Transit transit) : StreamContent(stream)
{
    public Transit Transit => transit;
}
