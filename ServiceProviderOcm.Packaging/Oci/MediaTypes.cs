namespace ServiceProviderOcm.Packaging.Oci;

/// <summary>The media types of the OCI image specification that are read and written.</summary>
internal static class MediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string CompressedLayer = "application/vnd.oci.image.layer.v1.tar+gzip";
}
